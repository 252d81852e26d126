package io.github.barman4j.receive;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.wal.PartialSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Gives the files that segments are received into, each of the segment's full size from the beginning.
 *
 * <p>Full size: PostgreSQL refuses a shorter segment when it recovers, and a file that does not grow is forced without a change of its
 * metadata. While one is written the next is made ready by another thread, so that no commit waits for it. One thread uses an
 * instance; closing it removes what was made ready.
 */
final class PartialFiles implements AutoCloseable {
  private static final String SPARE = "next-segment";
  private static final int CHUNK = 1 << 20;

  /** Opens files: where tests put a disk that fails. */
  @FunctionalInterface
  interface Opener {
    FileChannel open(Path file, OpenOption... options) throws IOException;
  }

  private final Path directory;
  private final WalSegmentSize size;
  private final Opener opener;
  private final @Nullable TaskGroup background;
  private @Nullable Future<Path> spare;

  private PartialFiles(
      Path directory, WalSegmentSize size, Opener opener, @Nullable TaskGroup background) {
    this.directory = directory;
    this.size = size;
    this.opener = opener;
    this.background = background;
  }

  /** Files that survive a loss of power, in a directory that is made where it is missing. */
  static PartialFiles durable(Path directory, WalSegmentSize size) throws IOException {
    return durable(directory, size, FileChannel::open);
  }

  static PartialFiles durable(Path directory, WalSegmentSize size, Opener opener)
      throws IOException {
    DurableFile.createDirectories(directory);
    return new PartialFiles(directory, size, opener, TaskGroup.of("receive-prepare", 1, 1));
  }

  /** Files that nobody looks at after this process; the directory exists. */
  static PartialFiles temporary(Path directory, WalSegmentSize size) {
    return new PartialFiles(directory, size, FileChannel::open, null);
  }

  /** The file of a segment: that of an earlier run, or one full of zeros. */
  PartialFile open(WalSegment segment) throws IOException {
    Path file = PartialSegment.fileOf(directory, segment);
    if (background == null) {
      return new PartialFile(segment, file, opener.open(file, CREATE_NEW, READ, WRITE), false);
    }
    boolean resumed = Files.exists(file);
    if (!resumed) {
      DurableFile.rename(takeSpare(), file);
    }
    FileChannel channel = opener.open(file, READ, WRITE);
    try {
      if (resumed) {
        completeSize(channel, file);
      }
      prepareSpare(background);
      return new PartialFile(segment, file, channel, resumed);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void completeSize(FileChannel channel, Path file) throws IOException {
    long present = channel.size();
    if (present > size.bytes()) {
      throw new BarmanException(
          ErrorCode.WAL_INVALID,
          file + " has " + present + " bytes, more than a segment of " + size,
          "does this spool belong to another server? give every server a spool of its own");
    }
    if (present < size.bytes()) {
      fill(channel, present);
      DurableFile.sync(channel, file);
    }
  }

  private Path takeSpare() throws IOException {
    Future<Path> prepared = spare;
    spare = null;
    if (prepared != null) {
      Path file = TaskGroup.get(prepared);
      if (Files.exists(file)) {
        return file;
      }
    }
    return newSpare();
  }

  private void prepareSpare(TaskGroup group) {
    if (spare == null) {
      spare = group.submit(this::newSpare);
    }
  }

  private Path newSpare() throws IOException {
    Path target = directory.resolve(SPARE);
    try (DurableFile file = DurableFile.create(target)) {
      fill(file.channel(), 0);
      file.commit();
    }
    return target;
  }

  private void fill(FileChannel channel, long from) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK);
    for (long at = from; at < size.bytes(); ) {
      zeros.clear().limit((int) Math.min(CHUNK, size.bytes() - at));
      at += channel.write(zeros, at);
    }
  }

  @Override
  public void close() throws IOException {
    if (background != null) {
      background.close();
      Files.deleteIfExists(directory.resolve(SPARE));
    }
  }

  /** Removes what a process that was killed has left half-made. */
  static void removeLeftovers(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (var files = Files.newDirectoryStream(directory, DurableFile.TEMPORARY_PREFIX + "*")) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(directory.resolve(SPARE));
  }
}
