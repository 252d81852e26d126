package io.github.barman4j;

import org.jspecify.annotations.Nullable;

/** WAL that is needed is missing between two points that are there. */
public final class WalGapException extends BarmanException {
  private static final long serialVersionUID = 1L;

  public WalGapException(ErrorCode code, String problem, String hint) {
    super(code, problem, hint);
  }

  public WalGapException(ErrorCode code, String problem, String hint, @Nullable Throwable cause) {
    super(code, problem, hint, cause);
  }
}
