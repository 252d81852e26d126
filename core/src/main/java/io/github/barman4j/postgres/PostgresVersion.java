package io.github.barman4j.postgres;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's version.
 *
 * @param number as {@code server_version_num} has it: 150004 for 15.4; at least 100000
 */
public record PostgresVersion(int number) implements Comparable<PostgresVersion> {
  /** The oldest major version that the engine works with. */
  public static final int OLDEST_SUPPORTED_MAJOR = 15;

  private static final Pattern TEXT =
      Pattern.compile("([1-9][0-9]{1,2})(?:\\.([0-9]{1,4})|[a-z]+[0-9]*)?(?: .*)?");
  private static final int OLDEST_NUMBER = 100_000;

  /** Refuses numbers from before version 10 with a BarmanException (INVALID_VALUE). */
  public PostgresVersion {
    if (number < OLDEST_NUMBER) {
      throw Malformed.value(
          "'" + number + "' is no number of a PostgreSQL version",
          "version 15.4 has the number 150004.");
    }
  }

  /**
   * Reads {@code server_version}: "15.4", "15.4 (Debian 15.4-1)", "19beta1" (which counts as 19.0).
   *
   * @throws io.github.barman4j.BarmanException (INVALID_VALUE) for any other text
   */
  public static PostgresVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw Malformed.value(
          "'" + text + "' is no PostgreSQL version",
          "it is written as the server shows it, for example 15.4.");
    }
    int minor = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
    return new PostgresVersion(Integer.parseInt(matcher.group(1)) * 10_000 + minor);
  }

  /** 15 for 15.4. */
  public int major() {
    return number / 10_000;
  }

  /** 4 for 15.4. */
  public int minor() {
    return number % 10_000;
  }

  /** Whether the engine works with it: 15 and later. */
  public boolean isSupported() {
    return major() >= OLDEST_SUPPORTED_MAJOR;
  }

  @Override
  public int compareTo(PostgresVersion other) {
    return Integer.compare(number, other.number);
  }

  /** "15.4". */
  @Override
  public String toString() {
    return major() + "." + minor();
  }
}
