package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import io.github.barman4j.codec.Codec;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.Upload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A sealed object that is being written. {@link #close()} without a commit leaves nothing. Not thread-safe. */
public final class SealedUpload implements AutoCloseable {
  static final int CHUNK_BYTES = 512 << 10;
  static final int CHUNK_HEADER_BYTES = 3 * Integer.BYTES;
  static final int PLAIN_FLAG = 1 << 31;

  private final String object;
  private final Upload upload;
  private final Codec codec;
  private final BlockHash.Digest digest = BlockHash.digest();
  private final byte[] plain = new byte[CHUNK_BYTES];
  private final byte[] chunk = new byte[CHUNK_HEADER_BYTES + Codec.bound(CHUNK_BYTES)];
  private final OutputStream out = new ContentStream();
  private final byte[] header;
  private int filled;
  private long length;
  private boolean begun;

  SealedUpload(String object, SealedHeader header, Upload upload, Compression compression) {
    this.object = object;
    this.header = header.bytes();
    this.upload = upload;
    this.codec = Codec.of(compression);
  }

  /** Where the content goes. Closing it does nothing. */
  public OutputStream out() {
    return out;
  }

  /** Makes the object durable and visible, replacing what was there. */
  public void commit() {
    finish();
    upload.commit();
  }

  /** @return false when the key is taken; nothing was changed then */
  public boolean commitIfAbsent() {
    finish();
    return upload.commitIfAbsent();
  }

  @Override
  public void close() {
    codec.close();
    upload.close();
  }

  private void finish() {
    try {
      writeChunk();
      begin();
      ByteBuffer trailer = ByteBuffer.allocate(SealedHeader.TRAILER_BYTES);
      trailer.putInt(0).putLong(length);
      digest.update(trailer.array(), 0, trailer.position());
      digest.finish().write(trailer);
      upload.out().write(trailer.array());
    } catch (IOException e) {
      throw StreamFailure.writing(object, e);
    }
  }

  private void begin() throws IOException {
    if (!begun) {
      begun = true;
      write(header, header.length);
    }
  }

  private void writeChunk() throws IOException {
    if (filled == 0) {
      return;
    }
    begin();
    int compressed = codec.compress(plain, 0, filled, chunk, CHUNK_HEADER_BYTES);
    int payload = compressed;
    if (compressed < 0) {
      payload = filled;
      System.arraycopy(plain, 0, chunk, CHUNK_HEADER_BYTES, filled);
    }
    ByteBuffer.wrap(chunk)
        .putInt(Integer.BYTES, compressed < 0 ? payload | PLAIN_FLAG : payload)
        .putInt(2 * Integer.BYTES, filled);
    int total = CHUNK_HEADER_BYTES + payload;
    ByteBuffer.wrap(chunk).putInt(0, checksum(chunk, total));
    write(chunk, total);
    length += filled;
    filled = 0;
  }

  private void write(byte[] bytes, int count) throws IOException {
    digest.update(bytes, 0, count);
    upload.out().write(bytes, 0, count);
  }

  /** Of a chunk but its first field; never 0, which marks the end of the chunks. */
  static int checksum(byte[] chunk, int total) {
    CRC32C crc = new CRC32C();
    crc.update(chunk, Integer.BYTES, total - Integer.BYTES);
    int value = (int) crc.getValue();
    return value == 0 ? 1 : value;
  }

  private final class ContentStream extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      int done = 0;
      while (done < count) {
        int step = Math.min(count - done, CHUNK_BYTES - filled);
        System.arraycopy(bytes, offset + done, plain, filled, step);
        filled += step;
        done += step;
        if (filled == CHUNK_BYTES) {
          writeChunk();
        }
      }
    }
  }
}
