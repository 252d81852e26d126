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
import io.github.barman4j.wal.SealedTail;
import io.github.barman4j.wal.SpoolFiles;
import java.io.IOException;
import java.io.InputStream;
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
  private static final String RESUMING = ".resuming";
  private static final int CHUNK = 1 << 20;

  /** Opens files: where tests put a disk that fails. */
  @FunctionalInterface
  interface Opener {
    FileChannel open(Path file, OpenOption... options) throws IOException;
  }

  private final Path directory;
  private final WalSegmentSize size;
  private final Opener opener;
  private final SpoolFiles format;
  private final @Nullable TaskGroup background;
  private @Nullable Future<Path> spare;

  private PartialFiles(
      Path directory,
      WalSegmentSize size,
      SpoolFiles format,
      Opener opener,
      @Nullable TaskGroup background) {
    this.directory = directory;
    this.size = size;
    this.format = format;
    this.opener = opener;
    this.background = background;
  }

  /** Files that survive a loss of power, in a directory that is made where it is missing. */
  static PartialFiles durable(Path directory, WalSegmentSize size, SpoolFiles format)
      throws IOException {
    return durable(directory, size, format, FileChannel::open);
  }

  static PartialFiles durable(Path directory, WalSegmentSize size, SpoolFiles format, Opener opener)
      throws IOException {
    DurableFile.createDirectories(directory);
    return new PartialFiles(directory, size, format, opener, TaskGroup.of("receive-prepare", 1, 1));
  }

  /** Files that nobody looks at after this process; the directory exists. */
  static PartialFiles temporary(Path directory, WalSegmentSize size, SpoolFiles format) {
    return new PartialFiles(directory, size, format, FileChannel::open, null);
  }

  /** The file of a segment: that of an earlier run, or one full of zeros. */
  PartialFile open(WalSegment segment) throws IOException {
    Path file = PartialSegment.fileOf(directory, segment);
    if (background == null) {
      FileChannel channel = opener.open(file, CREATE_NEW, READ, WRITE);
      return format.sealed()
          ? sealed(segment, file, file, channel)
          : new PlainPartial(segment, file, channel, false);
    }
    boolean resumed = Files.exists(file);
    Path used = resumed && format.sealed() ? directory.resolve(segment.name() + RESUMING) : file;
    if (!used.equals(file) || !resumed) {
      DurableFile.rename(takeSpare(), used);
    }
    FileChannel channel = opener.open(used, READ, WRITE);
    try {
      PartialFile partial;
      if (format.sealed()) {
        partial = sealed(segment, used, file, channel);
      } else {
        if (resumed) {
          completeSize(channel, file);
        }
        partial = new PlainPartial(segment, file, channel, resumed);
      }
      prepareSpare(background);
      return partial;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private PartialFile sealed(WalSegment segment, Path used, Path file, FileChannel channel)
      throws IOException {
    InputStream earlier =
        used.equals(file) ? null : format.earlier(segment, file).orElse(null);
    return new SealedPartial(
        segment, used, file, channel, format.writer(segment, channel), earlier);
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
      fill(channel, present, size.bytes());
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
      fill(file.channel(), 0, format.sealed() ? SealedTail.usualBytes(size) : size.bytes());
      file.commit();
    }
    return target;
  }

  private static void fill(FileChannel channel, long from, long end) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK);
    for (long at = from; at < end; ) {
      zeros.clear().limit((int) Math.min(CHUNK, end - at));
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
    String leftovers = "{" + DurableFile.TEMPORARY_PREFIX + "*,*" + RESUMING + "}";
    try (var files = Files.newDirectoryStream(directory, leftovers)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(directory.resolve(SPARE));
  }
}
