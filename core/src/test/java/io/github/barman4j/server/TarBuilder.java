package io.github.barman4j.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Writes archives as a server does, and as one would that means harm. */
final class TarBuilder {
  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TarBuilder file(String name, byte[] content) {
    return member(name, '0', content.length, "", content);
  }

  TarBuilder file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  TarBuilder directory(String name) {
    return member(name + "/", '5', 0, "", new byte[0]);
  }

  TarBuilder link(String name, String target) {
    return member(name + "/", '2', 0, target, new byte[0]);
  }

  TarBuilder member(String name, char type, long size, String link, byte[] content) {
    return raw(header(name.getBytes(StandardCharsets.UTF_8), type, size, link)).padded(content);
  }

  TarBuilder raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  private TarBuilder padded(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[-content.length & BLOCK - 1]);
    return this;
  }

  /** With the two blocks of zeros that end an archive. */
  byte[] finished() {
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  byte[] unfinished() {
    return out.toByteArray();
  }

  static byte[] header(byte[] name, char type, long size, String link) {
    byte[] header = new byte[BLOCK];
    System.arraycopy(name, 0, header, 0, name.length);
    octal(header, 100, 8, 0600);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    size(header, size);
    octal(header, 136, 12, 1_700_000_000L);
    header[156] = (byte) type;
    byte[] target = link.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(target, 0, header, 157, target.length);
    System.arraycopy("ustar\00000".getBytes(StandardCharsets.US_ASCII), 0, header, 257, 8);
    return checksummed(header);
  }

  /** Octal as far as it goes, then base-256. */
  private static void size(byte[] header, long size) {
    if (size >= 0 && size < 1L << 33) {
      octal(header, 124, 12, size);
      return;
    }
    header[124] = (byte) 0x80;
    for (int i = 0; i < 8; i++) {
      header[135 - i] = (byte) (size >>> 8 * i);
    }
  }

  private static void octal(byte[] header, int offset, int length, long value) {
    String digits = String.format(Locale.ROOT, "%0" + (length - 1) + "o ", value);
    System.arraycopy(digits.getBytes(StandardCharsets.US_ASCII), 0, header, offset, length);
  }

  static byte[] checksummed(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    long sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    octal(header, 148, 8, sum);
    return header;
  }
}
