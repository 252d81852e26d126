package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of a goal as the user wrote it, and its strict readings.
 *
 * <p>Every reading takes the whole text in the one form that it documents or refuses it; nothing is trimmed, rounded or
 * guessed. The goals declare all their parameters as text for that reason: Maven's own conversion turns {@code yes} into
 * {@code false}.
 *
 * @param name the user property, for example {@code barman.maxRate}
 */
record ParameterValue(String name, String text) {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})([kKMGT]?)(?:i?B)?");
  private static final Map<String, Integer> SHIFTS =
      Map.of("", 0, "K", 10, "M", 20, "G", 30, "T", 40);

  /**
   * @return empty when the user gave none
   * @throws BarmanException when it was given and says nothing, as an unset variable in a pipeline does
   */
  static Optional<ParameterValue> of(String name, @Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    if (text.isBlank()) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          name + " is empty",
          "give it a value, or leave the property out");
    }
    return Optional.of(new ParameterValue(name, text));
  }

  /** {@code true} or {@code false}; absent is false. */
  static boolean flag(String name, @Nullable String text) {
    return of(name, text).map(ParameterValue::flag).orElse(false);
  }

  boolean flag() {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused("neither true nor false", "write true or false");
    };
  }

  int wholeNumber() {
    try {
      if (text.matches("[0-9]+")) {
        return Integer.parseInt(text);
      }
    } catch (NumberFormatException e) {
      throw refused("too large a number", "give a whole number up to " + Integer.MAX_VALUE);
    }
    throw refused("not a whole number", "give digits alone, for example 4");
  }

  /** Bytes, or a number with kB, MB, GB or TB, which PostgreSQL too counts in steps of 1024. */
  long bytes() {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw refused(
          "not a size",
          "give bytes, or a whole number with kB, MB, GB or TB (1 kB = 1024 bytes): 20MB");
    }
    int shift = SHIFTS.getOrDefault(size.group(2).toUpperCase(Locale.ROOT), 0);
    long number = Long.parseLong(size.group(1));
    if (number > Long.MAX_VALUE >> shift) {
      throw refused("too large a size", "give less than 8388608TB");
    }
    return number << shift;
  }

  /** An ISO-8601 duration of days, hours, minutes and seconds, not negative. */
  Duration duration() {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeException e) {
      throw refused("not a duration", "write it in ISO-8601: PT30S, PT5M, PT1H30M, P1D");
    }
    throw refused("a negative duration", "write zero or more: PT0S, PT5M");
  }

  /** One constant, written in lower case with hyphens. */
  <E extends Enum<E>> E choice(Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (spelling(constant).equals(text)) {
        return constant;
      }
    }
    throw refused(
        "not a value of it",
        "choose one of "
            + Arrays.stream(type.getEnumConstants())
                .map(ParameterValue::spelling)
                .collect(Collectors.joining(", ")));
  }

  /** The texts between commas, none of them empty. */
  List<String> list() {
    List<String> items = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (items.contains("")) {
      throw refused("a list with an empty item", "separate the items by one comma each");
    }
    return items;
  }

  /** A path; a relative one begins at {@code base}, a leading {@code ~/} is the home directory. */
  Path path(Path base) {
    try {
      if (text.startsWith("~/")) {
        return Path.of(System.getProperty("user.home"))
            .resolve(text.substring(2))
            .normalize();
      }
      return base.resolve(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw refused("not a path", "give a path of this operating system");
    }
  }

  BarmanException refused(String why, String hint) {
    return new BarmanException(
        ErrorCode.INVALID_VALUE, name + " is '" + text + "', which is " + why, hint);
  }

  private static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
