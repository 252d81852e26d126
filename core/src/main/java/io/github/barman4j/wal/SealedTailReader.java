package io.github.barman4j.wal;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.repository.RecordSeal;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Reads a {@link SealedTail}: up to its last record, and no further than the first one that is torn, as a loss of power leaves those
 * that were not forced to the disk. Gives out nothing that its seal does not vouch for. Not thread-safe.
 */
final class SealedTailReader extends InputStream {
  private static final byte[] NOTHING = {};

  private final WalSegment segment;
  private final InputStream raw;
  private final RecordSeal seal;
  private byte[] plain = NOTHING;
  private int position;
  private int read;
  private boolean ended;

  SealedTailReader(WalSegment segment, InputStream raw, RecordSeal seal) throws IOException {
    this.segment = segment;
    this.raw = raw;
    this.seal = seal;
    byte[] header = raw.readNBytes(SealedTail.HEADER_BYTES);
    this.ended = header.length < SealedTail.HEADER_BYTES || !SealedTail.isHeader(header, segment);
  }

  /** How many plain bytes the records of a sealed file say that they have, whether or not they can be opened. */
  static long claimedLength(InputStream raw) throws IOException {
    long length = 0;
    try {
      raw.skipNBytes(SealedTail.HEADER_BYTES);
      for (int record = recordLength(raw); record > 0; record = recordLength(raw)) {
        raw.skipNBytes(record);
        length += record - RecordSeal.OVERHEAD_BYTES;
      }
      return length;
    } catch (EOFException e) {
      // The last record is torn.
      return length;
    }
  }

  /** 0 at the end, and for a length that no record has. */
  private static int recordLength(InputStream raw) throws IOException {
    byte[] bytes = raw.readNBytes(Integer.BYTES);
    int length = bytes.length < Integer.BYTES ? 0 : ByteBuffer.wrap(bytes).getInt();
    boolean possible = length > RecordSeal.OVERHEAD_BYTES
        && length <= SealedTail.LARGEST_RECORD + RecordSeal.OVERHEAD_BYTES;
    return possible ? length : 0;
  }

  private boolean next() throws IOException {
    if (ended) {
      return false;
    }
    int length = recordLength(raw);
    byte[] sealed = raw.readNBytes(length);
    ended = length == 0 || sealed.length < length;
    if (!ended) {
      try {
        plain = seal.open(segment.start().plus(read).value(), sealed);
      } catch (IntegrityException e) {
        System.getLogger(SealedTailReader.class.getName())
            .log(System.Logger.Level.DEBUG, "segment {0} ends with a torn record", segment);
        ended = true;
      }
    }
    ended |= !ended && read + plain.length > segment.size().bytes();
    if (ended) {
      plain = NOTHING;
    } else {
      read += plain.length;
    }
    position = 0;
    return !ended;
  }

  @Override
  public int read() throws IOException {
    return position < plain.length || next() ? plain[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == plain.length && !next()) {
      return -1;
    }
    int count = Math.min(length, plain.length - position);
    System.arraycopy(plain, position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public void close() throws IOException {
    raw.close();
  }
}
