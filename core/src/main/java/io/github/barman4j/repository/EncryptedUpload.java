package io.github.barman4j.repository;

import io.github.barman4j.store.Upload;
import java.io.IOException;
import java.io.OutputStream;

/** Encrypts an object while it is written, segment by segment. Not thread-safe. */
final class EncryptedUpload implements Upload {
  private final String object;
  private final Upload upload;
  private final Envelope envelope;
  private final byte[] plain = new byte[Envelope.SEGMENT_BYTES];
  private final byte[] sealed = new byte[Envelope.STORED_SEGMENT_BYTES];
  private final OutputStream out = new Segments();
  private int filled;
  private long number;

  EncryptedUpload(String object, Upload upload, Envelope envelope) {
    this.object = object;
    this.upload = upload;
    this.envelope = envelope;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void commit() {
    writeLast();
    upload.commit();
  }

  @Override
  public boolean commitIfAbsent() {
    writeLast();
    return upload.commitIfAbsent();
  }

  @Override
  public void close() {
    upload.close();
  }

  private void writeLast() {
    try {
      writeSegment(true);
    } catch (IOException e) {
      throw StreamFailure.writing(object, e);
    }
  }

  private void writeSegment(boolean last) throws IOException {
    if (number == 0) {
      upload.out().write(envelope.header(), 0, Envelope.HEADER_BYTES);
    }
    int length = envelope.seal(number, last, plain, filled, sealed);
    number++;
    filled = 0;
    upload.out().write(sealed, 0, length);
  }

  private final class Segments extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    /** A full segment waits until more comes: it may be the last. */
    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      int done = 0;
      while (done < count) {
        if (filled == Envelope.SEGMENT_BYTES) {
          writeSegment(false);
        }
        int step = Math.min(count - done, Envelope.SEGMENT_BYTES - filled);
        System.arraycopy(bytes, offset + done, plain, filled, step);
        filled += step;
        done += step;
      }
    }
  }
}
