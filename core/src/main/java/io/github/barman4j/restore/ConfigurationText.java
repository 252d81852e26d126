package io.github.barman4j.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a configuration file, line by line, in the syntax of postgresql.conf (manual, section 20.1.2; guc-file.l, 15–18).
 * Lines that are no settings, comments and errors too, are kept as they are. Immutable.
 */
record ConfigurationText(List<Line> lines) {
  private static final Pattern SETTING =
      Pattern.compile("\\s*([A-Za-z_\\x80-\\uffff][A-Za-z0-9_$.\\x80-\\uffff]*)\\s*=?\\s*"
          + "('(?:[^'\\\\]|\\\\.|'')*'|[^\\s#'=][^\\s#']*)\\s*(?:#.*)?");
  private static final Map<Character, Character> ESCAPES =
      Map.of('b', '\b', 'f', '\f', 'n', '\n', 'r', '\r', 't', '\t');

  /**
   * One line.
   *
   * @param text as it stands in the file, without its end
   * @param name in lower case; null when the line sets nothing
   * @param value without quotes; empty when the line sets nothing
   */
  record Line(String text, @Nullable String name, String value) {
    static Line parse(String text) {
      Matcher matcher = SETTING.matcher(text);
      if (!matcher.matches()) {
        return new Line(text, null, "");
      }
      return new Line(text, matcher.group(1).toLowerCase(Locale.ROOT), unquote(matcher.group(2)));
    }

    /** A line that the server skips. */
    static Line comment(String text) {
      return new Line("#" + text, null, "");
    }

    boolean sets(Set<String> names) {
      return name != null && names.contains(name);
    }
  }

  ConfigurationText {
    lines = List.copyOf(lines);
  }

  static ConfigurationText parse(String text) {
    return new ConfigurationText(text.lines().map(Line::parse).toList());
  }

  /** {@code name = 'value'}, with the value quoted as the server's own ALTER SYSTEM does. */
  static String setting(String name, String value) {
    return name + " = " + quote(value);
  }

  private static String quote(String value) {
    StringBuilder quoted = new StringBuilder("'");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\'' -> quoted.append("''");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        default -> quoted.append(c);
      }
    }
    return quoted.append('\'').toString();
  }

  private static String unquote(String token) {
    if (!token.startsWith("'")) {
      return token;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 1; i < token.length() - 1; i++) {
      char c = token.charAt(i);
      if (c == '\'') {
        i++;
        plain.append('\'');
      } else if (c == '\\') {
        i = unescape(token, i + 1, plain);
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /** Reads what follows a backslash; returns the place of its last character. */
  private static int unescape(String token, int at, StringBuilder plain) {
    char c = token.charAt(at);
    int end = at;
    while (end < at + 3 && token.charAt(end) >= '0' && token.charAt(end) <= '7') {
      end++;
    }
    if (end > at) {
      plain.append((char) Integer.parseInt(token.substring(at, end), 8));
      return end - 1;
    }
    plain.append(ESCAPES.getOrDefault(c, c));
    return at;
  }

  /** The value of the last line that sets a name: that is the one which counts. */
  Optional<String> value(String name) {
    Optional<String> last = Optional.empty();
    for (Line line : lines) {
      if (name.equals(line.name())) {
        last = Optional.of(line.value());
      }
    }
    return last;
  }

  /** Without the lines that set one of these names (given in lower case). */
  ConfigurationText without(Set<String> names) {
    return new ConfigurationText(
        lines.stream().filter(line -> !line.sets(names)).toList());
  }

  /** With more lines at the end. */
  ConfigurationText plus(List<String> more) {
    List<Line> all = new ArrayList<>(lines);
    more.forEach(text -> all.add(Line.parse(text)));
    return new ConfigurationText(all);
  }

  /** The file's content, each line ended. */
  String text() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.text()).append('\n'));
    return text.toString();
  }
}
