package io.github.barman4j.postgres;

/** PostgreSQL's hexadecimal notation: 32 unsigned bits, printed in capitals, read in either case. */
final class Hexadecimal {
  private static final int MAX_DIGITS = 8;

  private Hexadecimal() {}

  /** The number in {@code text[from, to)}: one to eight digits and nothing else; -1 if it is anything else. */
  static long parse(String text, int from, int to) {
    if (to <= from || to - from > MAX_DIGITS) {
      return -1;
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      number = number << 4 | digit;
    }
    return number;
  }

  /** Without leading zeros. */
  static String plain(int number) {
    return Integer.toHexString(number).toUpperCase(java.util.Locale.ROOT);
  }

  /** Eight digits. */
  static String padded(int number) {
    String digits = plain(number);
    return "0".repeat(MAX_DIGITS - digits.length()) + digits;
  }
}
