package io.github.barman4j.server;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decides which names of archive members may become paths. */
final class MemberName {
  private MemberName() {}

  /** UTF-8, strictly. */
  static String decode(byte[] bytes, int offset, int length, String archive) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, offset, length))
          .toString();
    } catch (CharacterCodingException e) {
      String shown = new String(bytes, offset, length, StandardCharsets.US_ASCII);
      throw hostile(archive, shown, "its name is not UTF-8");
    }
  }

  /** The path without a leading dot and a trailing slash, both of which servers send, when it stays below where it is put. */
  static String safe(String name, String archive) {
    String path = name.startsWith("./") ? name.substring(2) : name;
    path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (path.isEmpty()) {
      throw hostile(archive, name, "it has no name");
    }
    if (path.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      throw hostile(archive, name, "there is a control character in its name");
    }
    if (path.startsWith("/") || path.indexOf('\\') >= 0 || path.matches("[A-Za-z]:.*")) {
      throw hostile(archive, name, "it leads out of the data directory");
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw hostile(archive, name, "it leads out of the data directory");
      }
    }
    return path;
  }

  /** An error that shows the name harmlessly. */
  static BarmanException hostile(String archive, String name, String why) {
    String shown = name.replaceAll("\\p{Cntrl}", "?");
    return new BarmanException(
        ErrorCode.HOSTILE_ARCHIVE,
        "member '" + shown + "' of archive " + archive + " is refused: " + why,
        "a PostgreSQL server sends no such member; is this server to be trusted? a foreign file with such a name in its data directory has to go.");
  }
}
