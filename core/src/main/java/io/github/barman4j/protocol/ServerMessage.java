package io.github.barman4j.protocol;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * An error or notice as the server sent it (manual, 55.8, error and notice message fields).
 *
 * @param severity not translated: ERROR, FATAL, PANIC, WARNING, NOTICE, …
 * @param sqlState five characters
 * @param message in the server's language
 * @param detail empty when there is none
 * @param hint empty when there is none
 */
record ServerMessage(String severity, String sqlState, String message, String detail, String hint) {

  /** Reads the fields of an ErrorResponse or NoticeResponse. */
  static ServerMessage parse(ByteBuffer payload) {
    Map<Character, String> fields = new HashMap<>();
    while (true) {
      char type = (char) (payload.get() & 0xff);
      if (type == 0) {
        break;
      }
      fields.put(type, Payload.string(payload));
    }
    Payload.end(payload);
    String severity = fields.getOrDefault('V', fields.getOrDefault('S', ""));
    return new ServerMessage(
        severity,
        fields.getOrDefault('C', "XX000"),
        fields.getOrDefault('M', ""),
        fields.getOrDefault('D', ""),
        fields.getOrDefault('H', ""));
  }

  /** What pgjdbc has read from the server, or null when the exception is its own. */
  static @Nullable ServerMessage of(PSQLException exception) {
    ServerErrorMessage found = exception.getServerErrorMessage();
    if (found == null) {
      return null;
    }
    return new ServerMessage(
        orEmpty(found.getSeverity()),
        found.getSQLState() == null ? "XX000" : found.getSQLState(),
        orEmpty(found.getMessage()),
        orEmpty(found.getDetail()),
        orEmpty(found.getHint()));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Whether the server ends the connection with it. */
  boolean isFatal() {
    return severity.equals("FATAL") || severity.equals("PANIC");
  }

  /** Message and detail on one line. */
  String text() {
    String text = detail.isEmpty() ? message : message + " (" + detail + ")";
    return text.replace('\n', ' ').replace('\r', ' ');
  }
}
