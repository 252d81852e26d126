package io.github.barman4j.postgres;

/**
 * The number that initdb gives a cluster and that its standbys and copies keep, copies made for tests included.
 *
 * @param value unsigned, never 0 (pg_control.h, ControlFileData, 15–18)
 */
public record SystemIdentifier(long value) {
  /** Refuses 0 with a BarmanException (INVALID_VALUE). */
  public SystemIdentifier {
    if (value == 0) {
      throw malformed("0");
    }
  }

  /**
   * Reads the unsigned decimal number that the server and pg_controldata print.
   *
   * @throws io.github.barman4j.BarmanException (INVALID_VALUE) for any other text
   */
  public static SystemIdentifier parse(String text) {
    if (!text.matches("[0-9]{1,20}")) {
      throw malformed(text);
    }
    try {
      return new SystemIdentifier(Long.parseUnsignedLong(text));
    } catch (NumberFormatException e) {
      throw malformed(text);
    }
  }

  private static RuntimeException malformed(String text) {
    return Malformed.value(
        "'" + text + "' is no system identifier",
        "it is the number that IDENTIFY_SYSTEM and pg_controldata print.");
  }

  /** The unsigned decimal number. */
  @Override
  public String toString() {
    return Long.toUnsignedString(value);
  }
}
