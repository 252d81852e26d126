package io.github.barman4j.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Builds what a server sends (manual, 55.7). */
public final class Messages {
  private Messages() {}

  public static byte[] message(char type, byte[]... parts) {
    byte[] payload = join(parts);
    return join(new byte[] {(byte) type}, int32(payload.length + 4), payload);
  }

  /** A message whose length says something else. */
  public static byte[] lying(char type, int length, byte[]... parts) {
    return join(new byte[] {(byte) type}, int32(length), join(parts));
  }

  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  public static byte[] int16(int value) {
    return ByteBuffer.allocate(2).putShort((short) value).array();
  }

  public static byte[] int32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  public static byte[] int64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  public static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** With its zero byte. */
  public static byte[] string(String text) {
    return join(text(text), new byte[1]);
  }

  public static byte[] ready() {
    return message('Z', text("I"));
  }

  public static byte[] complete(String tag) {
    return message('C', string(tag));
  }

  public static byte[] titles(String... columns) {
    byte[] all = int16(columns.length);
    for (String column : columns) {
      all =
          join(all, string(column), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0));
    }
    return message('T', all);
  }

  public static byte[] row(@Nullable String... values) {
    byte[] all = int16(values.length);
    for (String value : values) {
      all =
          value == null ? join(all, int32(-1)) : join(all, int32(text(value).length), text(value));
    }
    return message('D', all);
  }

  public static byte[] error(String severity, String sqlState, String message) {
    return message('E', fields(severity, sqlState, message));
  }

  public static byte[] notice(String severity, String message) {
    return message('N', fields(severity, "00000", message));
  }

  private static byte[] fields(String severity, String sqlState, String message) {
    return join(
        string("S" + severity),
        string("V" + severity),
        string("C" + sqlState),
        string("M" + message),
        new byte[1]);
  }

  public static byte[] copyData(byte[]... parts) {
    return message('d', parts);
  }

  /** CopyOutResponse ('H') or CopyBothResponse ('W'). */
  public static byte[] copyResponse(char type) {
    return message(type, new byte[1], int16(0));
  }

  public static byte[] walData(long start, long serverEnd, byte[] wal) {
    return copyData(text("w"), int64(start), int64(serverEnd), int64(0), wal);
  }

  public static byte[] keepalive(long serverEnd, boolean reply) {
    return copyData(text("k"), int64(serverEnd), int64(0), new byte[] {(byte) (reply ? 1 : 0)});
  }

  /** The answer to IDENTIFY_SYSTEM. */
  public static byte[] identity() {
    return join(
        titles("systemid", "timeline", "xlogpos", "dbname"),
        row("7711250585632460860", "1", "0/3000060", null),
        complete("IDENTIFY_SYSTEM"),
        ready());
  }
}
