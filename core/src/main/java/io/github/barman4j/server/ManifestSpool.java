package io.github.barman4j.server;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the server's manifest until its length is known: about 200 bytes per file of the database, so in a temporary file once it is
 * large.
 */
final class ManifestSpool implements AutoCloseable {
  private static final int IN_MEMORY_BYTES = 8 << 20;

  /** Forty million files. */
  private static final long LARGEST_BYTES = 8L << 30;

  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable Path file;
  private long size;

  /** Takes everything from the stream. */
  void fill(InputStream in) {
    try {
      byte[] buffer = new byte[64 << 10];
      int count;
      while (size <= IN_MEMORY_BYTES && (count = in.read(buffer)) >= 0) {
        memory.write(buffer, 0, count);
        size += count;
      }
      if (size > IN_MEMORY_BYTES) {
        file = Files.createTempFile("barman-manifest-", null);
        try (OutputStream out = Files.newOutputStream(file)) {
          memory.writeTo(out);
          while ((count = in.read(buffer)) >= 0) {
            out.write(buffer, 0, count);
            size += count;
            if (size > LARGEST_BYTES) {
              throw new BarmanException(
                  ErrorCode.PROTOCOL_VIOLATION,
                  "the server's manifest has more than " + LARGEST_BYTES + " bytes",
                  "is there a PostgreSQL server behind this address?");
            }
          }
        }
        memory.reset();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  long size() {
    return size;
  }

  InputStream open() {
    try {
      return file == null
          ? new ByteArrayInputStream(memory.toByteArray())
          : Files.newInputStream(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }

  private static BarmanException failed(IOException e) {
    return new BarmanException(
        ErrorCode.IO,
        "the server's manifest cannot be kept in a temporary file: " + e.getMessage(),
        "make room in the temporary directory (java.io.tmpdir).",
        e);
  }
}
