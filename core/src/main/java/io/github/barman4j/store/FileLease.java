package io.github.barman4j.store;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.PersistencePoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lease that is an operating system's lock on a file.
 *
 * <p>Why two bytes, and why static state. Who takes the lease locks byte 0, then byte 1; who asks tries a shared lock on byte 1 only,
 * so a question can delay a taker by a moment and never make it fail. POSIX locks belong to the process: closing <em>any</em>
 * channel on the file drops them all (fcntl(2); {@link FileLock}, platform dependencies). So within this class loader no second channel
 * is ever opened on a lease that is held: {@link #HELD} knows them, and its monitor is held while a channel is opened, tried and closed.
 * When another class loader of this Java machine holds the lock, the channel that found that out is kept open in {@link #PARKED}.
 */
final class FileLease implements Lease {
  private static final Map<Path, FileLease> HELD = new HashMap<>();
  private static final List<FileChannel> PARKED = new ArrayList<>();
  private static final String SOMEBODY = "somebody who left no name";
  private static final int MAXIMUM_TEXT = 4096;

  private final Path file;
  private final FileChannel channel;
  private final String holder;
  private boolean closed;

  private FileLease(Path file, FileChannel channel, String holder) {
    this.file = file;
    this.channel = channel;
    this.holder = holder;
  }

  /** The file is created when it is not there; its directory must exist. */
  static Optional<Lease> tryAcquire(Path path, String holder) throws IOException {
    synchronized (HELD) {
      Path file = unique(path);
      if (HELD.containsKey(file)) {
        return Optional.empty();
      }
      PersistencePoint.LOCK.reached(file);
      FileChannel channel = FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      boolean open = false;
      try {
        if (channel.tryLock(0, 1, false) == null) {
          return Optional.empty();
        }
        channel.lock(1, 1, false);
        channel.truncate(0);
        channel.write(StandardCharsets.UTF_8.encode(holder), 0);
        open = true;
      } catch (OverlappingFileLockException e) {
        PARKED.add(channel);
        open = true;
        return Optional.empty();
      } finally {
        if (!open) {
          channel.close();
        }
      }
      FileLease lease = new FileLease(file, channel, holder);
      HELD.put(file, lease);
      return Optional.of(lease);
    }
  }

  /** The text of whoever holds it; empty when nobody does. */
  static Optional<String> holder(Path path) throws IOException {
    synchronized (HELD) {
      Path file = unique(path);
      FileLease ours = HELD.get(file);
      if (ours != null) {
        return Optional.of(ours.holder);
      }
      FileChannel channel;
      try {
        channel = FileChannel.open(file, StandardOpenOption.READ);
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
      boolean close = true;
      try {
        return channel.tryLock(1, 1, true) == null ? Optional.of(text(channel)) : Optional.empty();
      } catch (OverlappingFileLockException e) {
        PARKED.add(channel);
        close = false;
        return Optional.of(text(channel));
      } finally {
        if (close) {
          channel.close();
        }
      }
    }
  }

  @Override
  public void close() {
    synchronized (HELD) {
      if (closed) {
        return;
      }
      closed = true;
      HELD.remove(file);
      try {
        channel.close();
      } catch (IOException e) {
        throw new BarmanException(
            ErrorCode.REPOSITORY_IO,
            "giving back the lock " + file + " failed: " + e.getMessage(),
            "the lock ends with this process",
            e);
      }
    }
  }

  /** One name for one file, whatever links lead to its directory. */
  private static Path unique(Path file) throws IOException {
    @Nullable Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no directory");
    }
    try {
      return parent.toRealPath().resolve(String.valueOf(file.getFileName()));
    } catch (NoSuchFileException e) {
      return file;
    }
  }

  private static String text(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAXIMUM_TEXT);
    channel.read(buffer, 0);
    String text = StandardCharsets.UTF_8.decode(buffer.flip()).toString().strip();
    return text.isEmpty() ? SOMEBODY : text;
  }
}
