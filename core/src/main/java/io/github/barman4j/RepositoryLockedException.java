package io.github.barman4j;

import org.jspecify.annotations.Nullable;

/** Another process holds the lock that this operation needs. */
public final class RepositoryLockedException extends BarmanException {
  private static final long serialVersionUID = 1L;

  public RepositoryLockedException(ErrorCode code, String problem, String hint) {
    super(code, problem, hint);
  }

  public RepositoryLockedException(
      ErrorCode code, String problem, String hint, @Nullable Throwable cause) {
    super(code, problem, hint, cause);
  }
}
