package io.github.barman4j.fault;

import java.util.OptionalLong;

/**
 * What has come of a server's answer to {@code BASE_BACKUP}, byte by byte from its first on: where the first data of an archive begins and
 * where the manifest does (manual, 55.4, BASE_BACKUP, since 15). Thread-safe.
 */
public final class BackupAnswer {
  private static final int HEADER_BYTES = 5;

  private long bytes;
  private final byte[] header = new byte[HEADER_BYTES + 1];
  private int headerBytes;
  private long skip;
  private long messageStart;
  private OptionalLong firstData = OptionalLong.empty();
  private OptionalLong manifest = OptionalLong.empty();

  BackupAnswer() {}

  synchronized void add(byte[] buffer, int count) {
    int at = 0;
    while (at < count) {
      if (skip > 0) {
        int skipped = (int) Math.min(skip, count - at);
        skip -= skipped;
        at += skipped;
        bytes += skipped;
        continue;
      }
      if (headerBytes == 0) {
        messageStart = bytes;
      }
      header[headerBytes++] = buffer[at++];
      bytes++;
      if (headerBytes == HEADER_BYTES && payloadBytes() == 0) {
        headerBytes = 0;
      } else if (headerBytes > HEADER_BYTES) {
        note();
        skip = payloadBytes() - 1;
        headerBytes = 0;
      }
    }
  }

  private long payloadBytes() {
    long length = 0;
    for (int i = 1; i < HEADER_BYTES; i++) {
      length = length << 8 | (header[i] & 0xff);
    }
    return length - Integer.BYTES;
  }

  private void note() {
    if (header[0] != 'd') {
      return;
    }
    if (header[HEADER_BYTES] == 'd' && firstData.isEmpty()) {
      firstData = OptionalLong.of(messageStart);
    } else if (header[HEADER_BYTES] == 'm' && manifest.isEmpty()) {
      manifest = OptionalLong.of(messageStart);
    }
  }

  /** How many have come. */
  public synchronized long bytes() {
    return bytes;
  }

  /** How many came before the message with the first bytes of an archive. */
  public synchronized OptionalLong firstData() {
    return firstData;
  }

  /** How many came before the message that begins the manifest: all archives are whole then. */
  public synchronized OptionalLong manifest() {
    return manifest;
  }
}
