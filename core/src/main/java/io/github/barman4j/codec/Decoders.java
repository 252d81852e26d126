package io.github.barman4j.codec;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Decompresses what others have compressed, as a stream. What does not decompress is an {@link IOException} of {@code read}.
 *
 * <p>Memory is bounded whatever the bytes say: gzip's window is 32 KiB, and a Zstandard frame that asks for more than 128 MiB is refused.
 */
public final class Decoders {
  private static final int GZIP_BUFFER_BYTES = 64 << 10;
  private static final int LARGEST_ZSTD_WINDOW_LOG = 27;

  private Decoders() {}

  /** Reads the header at once. */
  public static InputStream gzip(InputStream compressed) throws IOException {
    return new GZIPInputStream(compressed, GZIP_BUFFER_BYTES);
  }

  /** One or several frames; to be closed, as its memory is not the heap's. */
  public static InputStream zstd(InputStream compressed) throws IOException {
    return new ZstdInputStreamNoFinalizer(compressed).setLongMax(LARGEST_ZSTD_WINDOW_LOG);
  }
}
