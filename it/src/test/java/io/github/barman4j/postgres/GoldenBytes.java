package io.github.barman4j.postgres;

import io.github.barman4j.protocol.Messages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** What real servers wrote, as seeds of a fuzzer; see {@link GoldenWal}. */
final class GoldenBytes {
  private GoldenBytes() {}

  static byte[] of(int major, String name) {
    InputStream packed = Objects.requireNonNull(
        GoldenBytes.class.getResourceAsStream(major + "/" + name + ".gz"), name);
    try (InputStream in = new GZIPInputStream(packed)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @param kind what the bytes are, for the fuzzer's target: it comes first */
  static byte[] seed(int kind, byte[] bytes) {
    return Messages.join(new byte[] {(byte) kind}, bytes);
  }
}
