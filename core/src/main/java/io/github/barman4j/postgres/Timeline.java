package io.github.barman4j.postgres;

/**
 * One line of history of a cluster: 1 when it is made, a higher number after each point-in-time recovery or promotion (manual,
 * section 26.3.6).
 *
 * @param id from 1 to 2³¹-1; the server's type would allow twice as many (xlogdefs.h, TimeLineID)
 */
public record Timeline(int id) implements Comparable<Timeline> {
  /** Where every cluster begins. */
  public static final Timeline FIRST = new Timeline(1);

  /** Refuses numbers below 1 with a BarmanException (INVALID_VALUE). */
  public Timeline {
    if (id < 1) {
      throw Malformed.value(
          "timeline " + Integer.toUnsignedString(id) + " is out of range",
          "timelines are numbered from 1 to 2147483647.");
    }
  }

  /**
   * Reads the eight hexadecimal digits that file names begin with.
   *
   * @throws io.github.barman4j.BarmanException (INVALID_VALUE) for any other text, and for a number out of range
   */
  public static Timeline parseHex(String text) {
    long id = text.length() == 8 ? Hexadecimal.parse(text, 0, 8) : -1;
    if (id < 0) {
      throw Malformed.value(
          "'" + text + "' is no timeline",
          "file names hold it as eight hexadecimal digits, for example 00000002.");
    }
    return new Timeline((int) id);
  }

  /** Eight capital hexadecimal digits, as in file names. */
  public String hex() {
    return Hexadecimal.padded(id);
  }

  @Override
  public int compareTo(Timeline other) {
    return Integer.compare(id, other.id);
  }

  /** The decimal number, as the server's messages and history files have it. */
  @Override
  public String toString() {
    return Integer.toString(id);
  }
}
