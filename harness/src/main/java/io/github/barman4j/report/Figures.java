package io.github.barman4j.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** Figures as text. */
final class Figures {
  private Figures() {}

  /** Exact to the microsecond, with at least one decimal. */
  static BigDecimal exactSeconds(Duration duration) {
    BigDecimal seconds = BigDecimal.valueOf(duration.toNanos(), 9)
        .setScale(6, RoundingMode.HALF_UP)
        .stripTrailingZeros();
    return seconds.scale() < 1 ? seconds.setScale(1) : seconds;
  }

  /** For instance {@code 3.21}. */
  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e9);
  }

  /** For instance {@code 24.1 MiB}. */
  static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    String unit = "B";
    for (String larger : new String[] {"KiB", "MiB", "GiB", "TiB"}) {
      if (value < 1024) {
        break;
      }
      value /= 1024;
      unit = larger;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, unit);
  }
}
