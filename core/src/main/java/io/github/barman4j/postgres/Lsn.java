package io.github.barman4j.postgres;

/**
 * A position in the write-ahead log: the number of bytes before it since the cluster was made (log sequence number).
 *
 * <p>The value is unsigned, so compare with {@link #compareTo} and never with {@code <} on {@link #value}. Position 0 is before
 * anything that a server writes and stands for "none", as PostgreSQL's InvalidXLogRecPtr does (xlogdefs.h, 15–18).
 *
 * @param value unsigned count of bytes
 */
public record Lsn(long value) implements Comparable<Lsn> {
  /** No position. */
  public static final Lsn INVALID = new Lsn(0);

  /**
   * Reads the server's notation, two hexadecimal numbers of one to eight digits: {@code 16/B374D848} (type {@code pg_lsn}, manual
   * section 8.20).
   *
   * @throws io.github.barman4j.BarmanException (INVALID_VALUE) for any other text, a surrounding space included
   */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw malformed(text);
    }
    long high = Hexadecimal.parse(text, 0, slash);
    long low = Hexadecimal.parse(text, slash + 1, text.length());
    if (high < 0 || low < 0) {
      throw malformed(text);
    }
    return new Lsn(high << 32 | low);
  }

  private static RuntimeException malformed(String text) {
    return Malformed.value(
        "'" + text + "' is no log sequence number",
        "write it as PostgreSQL prints it, for example 0/16B3748.");
  }

  /** The later of two positions. */
  public static Lsn max(Lsn a, Lsn b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** The earlier of two positions. */
  public static Lsn min(Lsn a, Lsn b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** Moved by a number of bytes, which may be negative; wraps around at 2⁶⁴ as the server's arithmetic does. */
  public Lsn plus(long bytes) {
    return new Lsn(value + bytes);
  }

  /** Bytes from {@code other} to this position; negative when this one is the earlier. */
  public long minus(Lsn other) {
    return value - other.value;
  }

  /** Whether this is {@link #INVALID}. */
  public boolean isInvalid() {
    return value == 0;
  }

  public boolean isBefore(Lsn other) {
    return compareTo(other) < 0;
  }

  public boolean isAfter(Lsn other) {
    return compareTo(other) > 0;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** The server's notation, as servers up to 18 print it: {@code 16/B374D848}, without leading zeros. */
  @Override
  public String toString() {
    return Hexadecimal.plain((int) (value >>> 32)) + "/" + Hexadecimal.plain((int) value);
  }
}
