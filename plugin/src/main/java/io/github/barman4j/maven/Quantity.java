package io.github.barman4j.maven;

import java.time.Duration;
import java.util.Locale;

/** Sizes and times as a reader of the build's output wants them. */
final class Quantity {
  private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  private static final long SECONDS_OF_AN_HOUR = 3_600;

  private Quantity() {}

  /** In steps of 1024, as PostgreSQL's {@code pg_size_pretty} does: {@code 16.0 MB}. */
  static String bytes(long count) {
    if (count < 1024) {
      return count + " bytes";
    }
    double value = count;
    int unit = 0;
    while (value >= 1023.95 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }

  /** {@code 0.85 s}, {@code 12.3 s}, {@code 4 min 05 s}, {@code 2 h 10 min}. */
  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds >= SECONDS_OF_AN_HOUR) {
      return String.format(
          Locale.ROOT, "%d h %02d min", duration.toHours(), duration.toMinutesPart());
    }
    if (seconds >= 60) {
      return String.format(
          Locale.ROOT, "%d min %02d s", duration.toMinutes(), duration.toSecondsPart());
    }
    double exact = duration.toNanos() / 1e9;
    return String.format(Locale.ROOT, exact < 9.995 ? "%.2f s" : "%.1f s", exact);
  }
}
