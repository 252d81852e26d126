package io.github.barman4j;

import org.jspecify.annotations.Nullable;

/**
 * The one root of all errors: what was tried on what and what was found, then a hint that the reader can act on.
 *
 * <p>Problem and hint are lower case without a full stop in the problem; they never hold a secret.
 */
public class BarmanException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String problem;
  private final String hint;

  public BarmanException(ErrorCode code, String problem, String hint) {
    this(code, problem, hint, null);
  }

  public BarmanException(ErrorCode code, String problem, String hint, @Nullable Throwable cause) {
    super(code.code() + ": " + problem + "\nHINT: " + hint, cause);
    this.code = code;
    this.problem = problem;
    this.hint = hint;
  }

  public final ErrorCode code() {
    return code;
  }

  public final String problem() {
    return problem;
  }

  public final String hint() {
    return hint;
  }
}
