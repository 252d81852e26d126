package io.github.barman4j.wal;

import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.repository.RecordSeal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the beginning of a segment as a log of sealed records. The bytes are those of repository-format.md, section WAL.
 *
 * <p>It only appends, and after the last record come zeros or the end of the file: what was forced to the disk stays readable whatever
 * happens to the rest. Bytes are never written over; to write a segment once more a new file is begun. Not thread-safe.
 */
public final class SealedTail {
  static final String PURPOSE = "spool ";
  static final int HEADER_BYTES = 16;
  static final int LARGEST_RECORD = 128 << 10;

  private static final byte[] MAGIC = "BRM-TAIL".getBytes(StandardCharsets.US_ASCII);
  private static final short VERSION = 1;

  private final WalSegment segment;
  private final FileChannel channel;
  private final RecordSeal seal;
  private final byte[] plain = new byte[LARGEST_RECORD];
  private long end;
  private int written;

  private SealedTail(WalSegment segment, FileChannel channel, RecordSeal seal) {
    this.segment = segment;
    this.channel = channel;
    this.seal = seal;
  }

  static SealedTail begin(WalSegment segment, FileChannel channel, RecordSeal seal)
      throws IOException {
    SealedTail tail = new SealedTail(segment, channel, seal);
    tail.append(ByteBuffer.allocate(HEADER_BYTES)
        .put(MAGIC)
        .putShort(VERSION)
        .putShort((short) 0)
        .putInt(segment.size().bytes())
        .flip());
    return tail;
  }

  /** How many bytes a file should have from the beginning, so that it rarely grows. */
  public static long usualBytes(WalSegmentSize size) {
    return size.bytes() + size.bytes() / 16;
  }

  /** Whether a stream, at its beginning and with support for marks, is that of a sealed file; reads nothing away. */
  static boolean isSealed(InputStream raw) throws IOException {
    raw.mark(MAGIC.length);
    byte[] head = raw.readNBytes(MAGIC.length);
    raw.reset();
    return Arrays.equals(head, MAGIC);
  }

  static boolean isHeader(byte[] header, WalSegment segment) {
    ByteBuffer in = ByteBuffer.wrap(header);
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    return Arrays.equals(magic, MAGIC)
        && in.getShort() == VERSION
        && in.getShort() == 0
        && in.getInt() == segment.size().bytes();
  }

  /** Appends what follows; all of it must fit in the segment. */
  public void write(ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      int length = Math.min(data.remaining(), LARGEST_RECORD);
      data.get(plain, 0, length);
      byte[] sealed = seal.seal(segment.start().plus(written).value(), plain, 0, length);
      append(ByteBuffer.allocate(Integer.BYTES + sealed.length)
          .putInt(sealed.length)
          .put(sealed)
          .flip());
      written += length;
    }
  }

  private void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int count = channel.write(bytes, end);
      if (count <= 0) {
        throw new IOException("nothing could be written");
      }
      end += count;
    }
  }
}
