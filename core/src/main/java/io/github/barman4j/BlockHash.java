package io.github.barman4j;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a piece of plain bytes: what a block is known by.
 *
 * <p>PostgreSQL computes the same with its function {@code sha256(bytea)} (manual, section 9.5), so a server can tell which
 * blocks have changed without sending them.
 */
public record BlockHash(long a, long b, long c, long d) {
  /** The length of a stored hash. */
  public static final int BYTES = 32;

  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(BlockHash::newSha256);

  public static BlockHash of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  public static BlockHash of(byte[] bytes, int offset, int length) {
    MessageDigest digest = SHA_256.get();
    digest.reset();
    digest.update(bytes, offset, length);
    return read(ByteBuffer.wrap(digest.digest()));
  }

  /** Reads {@link #BYTES} bytes at the buffer's position and advances it. */
  public static BlockHash read(ByteBuffer buffer) {
    return new BlockHash(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  /** @throws IllegalArgumentException unless the text is 64 hexadecimal digits */
  public static BlockHash parse(String hex) {
    if (hex.length() != 2 * BYTES) {
      throw new IllegalArgumentException(
          "a hash has " + 2 * BYTES + " hexadecimal digits, not " + hex.length());
    }
    return read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }

  /** Writes {@link #BYTES} bytes, most significant first. */
  public void write(ByteBuffer buffer) {
    buffer.putLong(a).putLong(b).putLong(c).putLong(d);
  }

  public String hex() {
    HexFormat format = HexFormat.of();
    return format.toHexDigits(a)
        + format.toHexDigits(b)
        + format.toHexDigits(c)
        + format.toHexDigits(d);
  }

  /** A hash of bytes that come piece by piece. */
  public static Digest digest() {
    return new Digest(newSha256());
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return hex();
  }

  /** Not thread-safe; used once. */
  public static final class Digest {
    private final MessageDigest sha256;

    private Digest(MessageDigest sha256) {
      this.sha256 = sha256;
    }

    public Digest update(byte[] bytes, int offset, int length) {
      sha256.update(bytes, offset, length);
      return this;
    }

    public BlockHash finish() {
      return read(ByteBuffer.wrap(sha256.digest()));
    }
  }
}
