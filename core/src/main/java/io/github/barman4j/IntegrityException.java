package io.github.barman4j;

import org.jspecify.annotations.Nullable;

/** Stored bytes are not what was written: a hash, a length or a format field does not match. */
public final class IntegrityException extends BarmanException {
  private static final long serialVersionUID = 1L;

  public IntegrityException(ErrorCode code, String problem, String hint) {
    super(code, problem, hint);
  }

  public IntegrityException(
      ErrorCode code, String problem, String hint, @Nullable Throwable cause) {
    super(code, problem, hint, cause);
  }
}
