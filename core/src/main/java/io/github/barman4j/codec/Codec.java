package io.github.barman4j.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Compresses in one way and decompresses in all. Thread-safe; does not wait.
 *
 * <p>Zstandard's compression contexts (about 1 MB of native memory each) are kept for reuse, as many as threads have compressed at
 * once, until {@link #close()}.
 */
public final class Codec implements AutoCloseable {
  private static final String HINT =
      "restore the object from a copy of the repository, and check the disk";

  private final Compression compression;
  private final ConcurrentLinkedQueue<ZstdCompressCtx> idle = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  private Codec(Compression compression) {
    this.compression = compression;
  }

  public static Codec of(Compression compression) {
    return new Codec(compression);
  }

  public Compression compression() {
    return compression;
  }

  /** A target of this size is never too small for {@link #compress(byte[], int, int, byte[], int)}. */
  public static int bound(int length) {
    return Math.toIntExact(Zstd.compressBound(length));
  }

  /**
   * Compresses into a target that has room for {@link #bound} bytes.
   *
   * @return the number of bytes written; -1 when they would not be fewer than {@code length}, and the caller stores the plain bytes with
   *     codec {@link Compression.None#ID}
   */
  public int compress(byte[] source, int offset, int length, byte[] target, int targetOffset) {
    if (!(compression instanceof Compression.Zstd zstd) || length == 0) {
      return -1;
    }
    ZstdCompressCtx context = borrow(zstd.level());
    try {
      int written = context.compressByteArray(
          target, targetOffset, target.length - targetOffset, source, offset, length);
      return written < length ? written : -1;
    } finally {
      giveBack(context);
    }
  }

  /** Compressed bytes of their own; null when compressing does not make them fewer. */
  public byte @Nullable [] compress(byte[] source, int offset, int length) {
    byte[] target = new byte[bound(length)];
    int written = compress(source, offset, length, target, 0);
    return written < 0 ? null : Arrays.copyOf(target, written);
  }

  /**
   * Restores exactly {@code plainLength} bytes into the target.
   *
   * @param codec the id that was stored with the bytes
   * @throws IntegrityException when the bytes are not that, or the id is unknown
   */
  public static void decompress(
      byte codec,
      byte[] source,
      int offset,
      int length,
      byte[] target,
      int targetOffset,
      int plainLength) {
    switch (codec) {
      case Compression.None.ID -> {
        require(length == plainLength, length, plainLength);
        System.arraycopy(source, offset, target, targetOffset, plainLength);
      }
      case Compression.Zstd.ID -> {
        require(plainLength <= target.length - targetOffset, plainLength, target.length);
        long restored;
        try {
          restored =
              Zstd.decompressByteArray(target, targetOffset, plainLength, source, offset, length);
        } catch (ZstdException e) {
          throw damaged("compressed bytes are damaged: " + e.getMessage(), e);
        }
        if (Zstd.isError(restored)) {
          throw damaged("compressed bytes are damaged: " + Zstd.getErrorName(restored), null);
        }
        require(restored == plainLength, restored, plainLength);
      }
      default -> throw damaged("codec " + (codec & 0xFF) + " is unknown", null);
    }
  }

  /** Like {@link #decompress(byte, byte[], int, int, byte[], int, int)}, into an array of its own. */
  public static byte[] decompress(
      byte codec, byte[] source, int offset, int length, int plainLength) {
    byte[] target = new byte[plainLength];
    decompress(codec, source, offset, length, target, 0, plainLength);
    return target;
  }

  /** Frees what was kept; the codec still works, without reuse. */
  @Override
  public void close() {
    closed = true;
    drain();
  }

  private ZstdCompressCtx borrow(int level) {
    ZstdCompressCtx context = idle.poll();
    return context != null ? context : new ZstdCompressCtx().setLevel(level);
  }

  private void giveBack(ZstdCompressCtx context) {
    idle.add(context);
    if (closed) {
      drain();
    }
  }

  private void drain() {
    for (ZstdCompressCtx context = idle.poll(); context != null; context = idle.poll()) {
      context.close();
    }
  }

  private static void require(boolean holds, long found, long expected) {
    if (!holds) {
      throw damaged("compressed bytes hold " + found + " bytes instead of " + expected, null);
    }
  }

  private static IntegrityException damaged(String problem, @Nullable Throwable cause) {
    return new IntegrityException(ErrorCode.REPOSITORY_DAMAGED, problem, HINT, cause);
  }
}
