package io.github.barman4j.restore;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.github.barman4j.BlockHash;
import io.github.barman4j.PersistencePoint;
import io.github.barman4j.Progress;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.BlockConsumer;
import io.github.barman4j.repository.BlockPresence;
import io.github.barman4j.repository.FileEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes one file what the backup has: writes it, or compares one that is there block by block, by hash, and writes the blocks that
 * differ. Neither size nor time of a file is ever taken for its content. Thread-safe.
 */
final class FileCopy {
  /** Bits of a mode that the process's umask may take away. */
  private static final int MASKABLE = 0077;

  private static final int WINDOW = 256 << 10;

  private final BackupReader backup;
  private final DataDirectory directory;
  private final Progress progress;
  private final AtomicLong kept = new AtomicLong();
  private final AtomicLong written = new AtomicLong();

  FileCopy(BackupReader backup, DataDirectory directory, Progress progress) {
    this.backup = backup;
    this.directory = directory;
    this.progress = progress;
  }

  /** Blocks that were there already. */
  long blocksKept() {
    return kept.get();
  }

  /** Blocks of files that were there, and that had to be written. */
  long blocksWritten() {
    return written.get();
  }

  /** @return where the file lies; it is not forced to the disk yet */
  Path write(FileEntry file) throws IOException {
    Path path = directory.resolve(file.path());
    Set<PosixFilePermission> mode = DataDirectory.permissions(file.mode());
    if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      PersistencePoint.WRITE.reached(path);
      try (FileChannel channel = FileChannel.open(path, READ, WRITE, LinkOption.NOFOLLOW_LINKS)) {
        overwrite(file, channel);
      }
      Files.setPosixFilePermissions(path, mode);
    } else {
      PersistencePoint.CREATE_FILE.reached(path);
      try (FileChannel channel = FileChannel.open(
          path, Set.of(CREATE_NEW, WRITE), PosixFilePermissions.asFileAttribute(mode))) {
        backup.read(file, new ToFile(channel, 0, progress));
        extend(channel, file.size());
      }
      if ((file.mode() & MASKABLE) != 0) {
        Files.setPosixFilePermissions(path, mode);
      }
    }
    directory.owner().give(path);
    return path;
  }

  private void overwrite(FileEntry file, FileChannel channel) throws IOException {
    if (channel.size() > file.size()) {
      channel.truncate(file.size());
    }
    OnDisk there = new OnDisk(channel, channel.size());
    backup.readMissing(file, there, new ToFile(channel, there.size, progress));
    extend(channel, file.size());
  }

  private static void extend(FileChannel channel, long size) throws IOException {
    if (channel.size() < size) {
      channel.write(ByteBuffer.allocate(1), size - 1);
    }
  }

  /** The blocks that a file has already, read some at a time. */
  private final class OnDisk implements BlockPresence {
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer window;
    private long from;

    OnDisk(FileChannel channel, long size) {
      this.channel = channel;
      this.size = size;
      this.window = ByteBuffer.allocate((int) Math.min(WINDOW, size));
      window.limit(0);
    }

    @Override
    public boolean has(long offset, int length, BlockHash hash) {
      boolean same = offset + length <= size
          && BlockHash.of(window.array(), indexOf(offset, length), length).equals(hash);
      if (same) {
        kept.incrementAndGet();
        progress.advance(length);
      } else {
        written.incrementAndGet();
      }
      return same;
    }

    /** Where a block begins in the window, after reading on if it does not lie there. */
    private int indexOf(long offset, int length) {
      if (offset < from || offset + length > from + window.limit()) {
        try {
          window.clear();
          from = offset;
          while (window.hasRemaining() && channel.read(window, from + window.position()) > 0) {
            continue;
          }
          window.flip();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        if (window.limit() < length) {
          throw new UncheckedIOException(
              new IOException("the file became shorter while it was read"));
        }
      }
      return (int) (offset - from);
    }
  }

  /**
   * Writes what the reader gives out; zeros are left to be holes.
   *
   * @param there up to where the file has content of its own
   */
  private record ToFile(FileChannel channel, long there, Progress progress)
      implements BlockConsumer {
    @Override
    public void block(long offset, byte[] buffer, int from, int length) {
      try {
        write(ByteBuffer.wrap(buffer, from, length), offset);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      progress.advance(length);
    }

    @Override
    public void zeros(long offset, long length) {
      try {
        long end = Math.min(offset + length, there);
        for (long at = offset; at < end; at += WINDOW) {
          write(ByteBuffer.allocate((int) Math.min(WINDOW, end - at)), at);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      progress.advance(length);
    }

    private void write(ByteBuffer bytes, long offset) throws IOException {
      for (long at = offset; bytes.hasRemaining(); ) {
        at += channel.write(bytes, at);
      }
    }
  }
}
