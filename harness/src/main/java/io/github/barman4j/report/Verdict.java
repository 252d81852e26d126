package io.github.barman4j.report;

import java.util.Locale;

/** How a scenario ended, the worse the later. */
public enum Verdict {
  PASSED,
  /** It could not be run here. */
  SKIPPED,
  /** It ran and did not meet its own conditions, so it proves nothing. Fails a build as {@link #FAILED} does. */
  INCONCLUSIVE,
  FAILED;

  /** As in drill.json. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean isBreach() {
    return this == FAILED || this == INCONCLUSIVE;
  }
}
