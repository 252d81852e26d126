package io.github.barman4j.repository;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The plain bytes of an encrypted object, each segment verified before any byte of it is given out. */
final class EncryptedInputStream extends InputStream {
  private final InputStream in;
  private final Envelope envelope;
  private final byte[] plain = new byte[Envelope.SEGMENT_BYTES];
  private byte[] next;
  private long number;
  private int position;
  private int filled;

  /** Reads the header. The stream is closed with this one. */
  EncryptedInputStream(DataKey key, String object, InputStream raw) throws IOException {
    this.in = new BufferedInputStream(raw, Envelope.STORED_SEGMENT_BYTES);
    this.envelope = Envelope.open(key, object, in.readNBytes(Envelope.HEADER_BYTES));
    this.next = in.readNBytes(Envelope.STORED_SEGMENT_BYTES);
    decrypt();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == filled) {
      if (next.length == 0) {
        return -1;
      }
      decrypt();
    }
    int count = Math.min(length, filled - position);
    System.arraycopy(plain, position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public int available() {
    return filled - position;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** What follows the segment tells whether it is the last; only the first can be empty. */
  private void decrypt() throws IOException {
    byte[] segment = next;
    next = in.readNBytes(Envelope.STORED_SEGMENT_BYTES);
    filled = envelope.open(number, next.length == 0, segment, 0, segment.length, plain, 0);
    number++;
    position = 0;
  }
}
