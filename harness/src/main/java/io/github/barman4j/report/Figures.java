package io.github.barman4j.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

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

  /** In words, without the unit: for instance {@code receiver lag}. */
  static String name(Figure figure) {
    String name = figure.name();
    return Unit.of(name)
        .map(unit -> name.substring(0, name.length() - unit.suffix.length()))
        .orElse(name)
        .replaceAll("(?<=[a-z])([A-Z])", " $1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\bwal\\b", "WAL");
  }

  /** With its unit: for instance {@code 35 ms}. */
  static String value(Figure figure) {
    return Unit.of(figure.name())
        .map(unit -> unit.text(figure.value()))
        .orElseGet(() -> grouped(figure.value()));
  }

  /** Thousands apart. */
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
  }

  /** As the names of figures end. */
  private enum Unit {
    BYTES("Bytes") {
      @Override
      String text(long value) {
        return value < 1024 ? bytes(value) : bytes(value) + " (" + grouped(value) + ")";
      }
    },
    MILLIS("Millis") {
      @Override
      String text(long value) {
        return grouped(value) + " ms";
      }
    },
    MICROS("Micros") {
      @Override
      String text(long value) {
        return grouped(value) + " µs";
      }
    },
    SECONDS("Seconds") {
      @Override
      String text(long value) {
        return grouped(value) + " s";
      }
    };

    private final String suffix;

    Unit(String suffix) {
      this.suffix = suffix;
    }

    abstract String text(long value);

    static Optional<Unit> of(String name) {
      return Stream.of(values())
          .filter(unit -> name.endsWith(unit.suffix) && name.length() > unit.suffix.length())
          .findFirst();
    }
  }
}
