package io.github.barman4j.store;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.regex.Pattern;

/**
 * The rule for keys: parts of letters, digits, {@code -}, {@code _} and {@code .} (not first), separated by {@code /}; at most 512
 * characters. So no key leaves its store, and names beginning with {@code .} are free for the store's own files.
 */
final class ObjectKey {
  private static final int MAXIMUM_LENGTH = 512;
  private static final String PART = "[A-Za-z0-9_-][A-Za-z0-9._-]*";
  private static final Pattern KEY = Pattern.compile(PART + "(?:/" + PART + ")*");
  private static final Pattern PREFIX = Pattern.compile("(?:" + PART + "/)*(?:" + PART + ")?");

  private ObjectKey() {}

  static String check(String key) {
    return check(key, KEY);
  }

  static String checkPrefix(String prefix) {
    return check(prefix, PREFIX);
  }

  private static String check(String text, Pattern pattern) {
    if (text.length() > MAXIMUM_LENGTH || !pattern.matcher(text).matches()) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + text + "' cannot be the name of an object in the repository",
          "use parts of letters, digits, '-', '_' and '.' that do not begin with '.', separated by '/'");
    }
    return text;
  }
}
