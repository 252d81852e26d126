package io.github.barman4j.restore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Control files of PostgreSQL 15 that differ from a real one and are whole. */
final class OtherControlFile {
  private static final int CHECKSUMMED = 288;

  private OtherControlFile() {}

  static byte[] withSystem(byte[] original, long system) {
    byte[] other = original.clone();
    ByteBuffer buffer = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(0, system);
    CRC32C checksum = new CRC32C();
    checksum.update(other, 0, CHECKSUMMED);
    buffer.putInt(CHECKSUMMED, (int) checksum.getValue());
    return other;
  }
}
