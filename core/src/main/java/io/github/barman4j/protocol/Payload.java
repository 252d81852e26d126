package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a message; whatever does not fit is a violation of the protocol. */
final class Payload {
  private Payload() {}

  /** Bytes up to a zero byte, which is consumed. */
  static String string(ByteBuffer payload) {
    int start = payload.position();
    for (int i = start; i < payload.limit(); i++) {
      if (payload.get(i) == 0) {
        byte[] bytes = new byte[i - start];
        payload.get(bytes);
        payload.get();
        return new String(bytes, StandardCharsets.UTF_8);
      }
    }
    throw violation("a text without its end in a message of " + payload.limit() + " bytes");
  }

  /** A column of a row: four bytes of length, -1 for null, then the bytes. */
  static byte @Nullable [] field(ByteBuffer payload) {
    int length = payload.getInt();
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > payload.remaining()) {
      throw violation(
          "a column of " + length + " bytes where " + payload.remaining() + " are left");
    }
    byte[] bytes = new byte[length];
    payload.get(bytes);
    return bytes;
  }

  static Lsn lsn(String text) {
    try {
      return Lsn.parse(text);
    } catch (BarmanException e) {
      throw violation("position '" + text + "'", e);
    }
  }

  static Timeline timeline(String text) {
    try {
      return new Timeline(Integer.parseInt(text));
    } catch (NumberFormatException | BarmanException e) {
      throw violation("timeline '" + text + "'", e);
    }
  }

  static SystemIdentifier systemIdentifier(String text) {
    try {
      return SystemIdentifier.parse(text);
    } catch (BarmanException e) {
      throw violation("system identifier '" + text + "'", e);
    }
  }

  static void end(ByteBuffer payload) {
    if (payload.hasRemaining()) {
      throw violation(payload.remaining() + " bytes too many in a message");
    }
  }

  static BarmanException violation(String found) {
    return violation(found, null);
  }

  static BarmanException violation(String found, @Nullable Throwable cause) {
    return new BarmanException(
        ErrorCode.PROTOCOL_VIOLATION,
        "the server does not speak the replication protocol: " + found,
        "is there a PostgreSQL server behind this address, without a pooler between?",
        cause);
  }
}
