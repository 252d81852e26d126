package io.github.barman4j.receive;

import io.github.barman4j.DurableFile;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns a stream of log into segment files in a directory.
 *
 * <p>{@link #flushed()} is what may be acknowledged: everything before it has been forced to the disk, under a name that is on the
 * disk too. A segment that is full is forced and gets its final name before its last byte counts as flushed. After any exception
 * the spool is only good for {@link #close()}: what a failed fsync has left behind is unknown, so a new one begins with the
 * segment's first byte. Not thread-safe.
 */
final class SegmentSpool implements AutoCloseable {
  private final Path directory;
  private final PartialFiles files;
  private final boolean durable;
  private final Consumer<WalSegment> completed;
  private @Nullable PartialFile open;
  private Lsn written;
  private Lsn flushed = Lsn.INVALID;
  private WalSegment next;

  /**
   * @param first the segment that the stream begins with
   * @param durable false forces nothing to the disk, {@link #flushed()} stays 0 then
   * @param completed is told of every full segment, after it has its final name
   */
  SegmentSpool(
      Path directory,
      PartialFiles files,
      WalSegment first,
      boolean durable,
      Consumer<WalSegment> completed) {
    this.directory = directory;
    this.files = files;
    this.durable = durable;
    this.completed = completed;
    this.next = first;
    this.written = first.start();
  }

  /** After the last byte that was written. */
  Lsn written() {
    return written;
  }

  /** After the last byte that is on the disk; 0 while none of this spool's is. */
  Lsn flushed() {
    return flushed;
  }

  /** Whether {@link #sync()} would have something to do. */
  boolean isDirty() {
    return durable && !flushed.equals(written);
  }

  /** The file that is being written, for messages. */
  Path current() {
    PartialFile partial = open;
    return partial == null ? directory : partial.path();
  }

  /** Writes what follows {@link #written()}. */
  void write(ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      PartialFile partial = open;
      if (partial == null) {
        partial = files.open(next);
        open = partial;
      }
      partial.write(data);
      written = partial.position();
      if (partial.isFull()) {
        complete(partial);
      }
    }
  }

  private void complete(PartialFile partial) throws IOException {
    WalSegment segment = partial.segment();
    if (durable) {
      partial.sync();
    }
    partial.close();
    open = null;
    next = segment.next();
    Path target = directory.resolve(segment.name());
    DurableFile.rename(partial.path(), target);
    if (durable) {
      flushed = written;
    }
    completed.accept(segment);
  }

  /** Forces what was written to the disk. */
  void sync() throws IOException {
    PartialFile partial = open;
    if (durable && partial != null) {
      partial.sync();
      flushed = Lsn.max(flushed, partial.durable());
    }
  }

  /** Forces nothing: what has not been synced may be lost, and was not acknowledged. */
  @Override
  public void close() throws IOException {
    PartialFile partial = open;
    open = null;
    if (partial != null) {
      partial.close();
    }
  }
}
