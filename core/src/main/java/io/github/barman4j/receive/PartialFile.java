package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A segment that is still being received, and the file for it. Bytes that are there already are never replaced by others. */
sealed interface PartialFile extends AutoCloseable permits PlainPartial, SealedPartial {
  WalSegment segment();

  /** Where it is now. */
  Path path();

  /** After the last byte that was written since it was opened. */
  Lsn position();

  /** Everything before it will be found after a loss of power, under the segment's name; {@link Lsn#INVALID} before that. */
  Lsn durable();

  boolean isFull();

  /**
   * Takes as many bytes as fit in the segment.
   *
   * @throws BarmanException WAL_DIFFERS when an earlier run has received other bytes there
   */
  void write(ByteBuffer data) throws IOException;

  /** Forces what was written to the disk. */
  void sync() throws IOException;

  @Override
  void close() throws IOException;

  /** The server sends something else than an earlier run has received. */
  static BarmanException differs(Lsn at, Path file) {
    return new BarmanException(
        ErrorCode.WAL_DIFFERS,
        "the server sends other bytes at " + at + " than " + file + " holds from an earlier run",
        "is this another server with the same system identifier, or one that was set back? compare before believing; move the file away to receive from this server");
  }
}
