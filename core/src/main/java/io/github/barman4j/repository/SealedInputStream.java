package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.codec.Codec;
import io.github.barman4j.codec.Compression;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The content of a sealed object, verified while it is read. One chunk is read ahead, so that the hash over everything has been compared
 * before the last chunk is given out.
 */
final class SealedInputStream extends InputStream {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MAXIMUM_CHUNK = 4 << 20;

  /** A chunk as it is stored, its checksum verified. */
  private record Chunk(byte codec, byte[] payload, int plainLength) {}

  private final String object;
  private final InputStream in;
  private final BlockHash.Digest digest = BlockHash.digest();
  private final byte codec;
  private @Nullable Chunk next;
  private byte[] plain = {};
  private int position;
  private long announced;

  /** Reads and verifies the header. The stream is closed with this one. */
  SealedInputStream(String object, String key, InputStream raw) throws IOException {
    this.object = object;
    this.in = new BufferedInputStream(raw, BUFFER_BYTES);
    byte[] start = in.readNBytes(SealedHeader.FIXED_BYTES);
    int length = SealedHeader.lengthOf(object, start);
    byte[] header = Arrays.copyOf(start, length);
    int rest = length - start.length;
    if (in.readNBytes(header, start.length, rest) != rest) {
      throw Damage.in(object, "it ends within its header");
    }
    this.codec = SealedHeader.parse(object, key, header).codec();
    digest.update(header, 0, length);
    next = readChunk();
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
    if (position == plain.length && !advance()) {
      return -1;
    }
    int count = Math.min(length, plain.length - position);
    System.arraycopy(plain, position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public int available() {
    return plain.length - position;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean advance() throws IOException {
    Chunk chunk = next;
    if (chunk == null) {
      return false;
    }
    try {
      byte[] payload = chunk.payload();
      plain = Codec.decompress(chunk.codec(), payload, 0, payload.length, chunk.plainLength());
    } catch (IntegrityException e) {
      throw Damage.in(object, e.problem(), e);
    }
    position = 0;
    announced += plain.length;
    next = readChunk();
    return true;
  }

  /** Null at the end, when everything has been verified. */
  private @Nullable Chunk readChunk() throws IOException {
    byte[] first = readFully(Integer.BYTES);
    int checksum = ByteBuffer.wrap(first).getInt();
    if (checksum == 0) {
      verifyEnd(first);
      return null;
    }
    byte[] lengths = readFully(2 * Integer.BYTES);
    ByteBuffer fields = ByteBuffer.wrap(lengths);
    int stored = fields.getInt();
    int plainLength = fields.getInt();
    int payloadLength = stored & ~SealedUpload.PLAIN_FLAG;
    if (payloadLength < 1
        || payloadLength > MAXIMUM_CHUNK
        || plainLength < 1
        || plainLength > MAXIMUM_CHUNK) {
      throw Damage.in(object, "a chunk has an impossible length");
    }
    byte[] chunk = new byte[SealedUpload.CHUNK_HEADER_BYTES + payloadLength];
    System.arraycopy(lengths, 0, chunk, Integer.BYTES, lengths.length);
    byte[] payload = readFully(payloadLength);
    System.arraycopy(payload, 0, chunk, SealedUpload.CHUNK_HEADER_BYTES, payloadLength);
    if (SealedUpload.checksum(chunk, chunk.length) != checksum) {
      throw Damage.in(object, "the checksum of a chunk does not match");
    }
    digest
        .update(first, 0, first.length)
        .update(chunk, Integer.BYTES, chunk.length - Integer.BYTES);
    byte how = (stored & SealedUpload.PLAIN_FLAG) != 0 ? Compression.None.ID : codec;
    return new Chunk(how, payload, plainLength);
  }

  private void verifyEnd(byte[] marker) throws IOException {
    byte[] end = readFully(Long.BYTES + BlockHash.BYTES);
    ByteBuffer fields = ByteBuffer.wrap(end);
    digest.update(marker, 0, marker.length).update(end, 0, Long.BYTES);
    long length = fields.getLong();
    if (!BlockHash.read(fields).equals(digest.finish())) {
      throw Damage.in(object, "its hash does not match");
    }
    if (length != announced || in.read() >= 0) {
      throw Damage.in(object, "its length does not match");
    }
  }

  private byte[] readFully(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length != count) {
      throw Damage.in(object, "it ends early");
    }
    return bytes;
  }
}
