package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;

/** The goal did its work and the outcome is bad: a failed check, a breached limit. {@link BarmanMojo} fails the build. */
final class BadOutcomeException extends BarmanException {
  private static final long serialVersionUID = 1L;

  BadOutcomeException(ErrorCode code, String problem, String hint) {
    super(code, problem, hint);
  }
}
