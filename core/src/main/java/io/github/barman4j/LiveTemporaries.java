package io.github.barman4j;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Tells the temporary files that somebody writes from those that a killed process has left: the first are locked.
 *
 * <p>Why static state: POSIX locks belong to the process, and closing <em>any</em> channel on a file drops them (fcntl(2)). So no second
 * channel is opened on a file that this process writes: {@link #OURS} knows them. When another class loader of this Java machine writes
 * it, the channel that found that out is kept open.
 */
final class LiveTemporaries {
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();
  private static final List<FileChannel> PARKED = new ArrayList<>();
  private static final int ATTEMPTS = 100;

  /** A temporary file, locked as long as its channel is open. */
  record Temporary(Path file, FileChannel channel) {

    /** The file is gone or has another name, and the channel may be closed. */
    void finished() throws IOException {
      try {
        channel.close();
      } finally {
        OURS.remove(file);
      }
    }
  }

  private LiveTemporaries() {}

  /**
   * Makes a file and locks it. Another process that looks for left ones may take it away before it is locked; then it is tried again.
   *
   * @param names a fresh name with each call
   */
  static Temporary create(Supplier<Path> names) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Path file = names.get();
      OURS.add(file);
      FileChannel channel = null;
      boolean ours = false;
      try {
        channel = FileChannel.open(file, CREATE_NEW, WRITE, READ);
        ours = channel.tryLock() != null && Files.exists(file);
        if (ours) {
          return new Temporary(file, channel);
        }
        if (attempt == ATTEMPTS) {
          throw new IOException(file + " was taken away again and again");
        }
      } finally {
        if (!ours) {
          OURS.remove(file);
          if (channel != null) {
            channel.close();
          }
        }
      }
    }
  }

  /** Deletes a temporary file, if it is there and nobody writes it. */
  static void deleteAbandoned(Path file) throws IOException {
    if (OURS.contains(file)) {
      return;
    }
    FileChannel channel;
    try {
      channel = FileChannel.open(file, WRITE);
    } catch (NoSuchFileException e) {
      return;
    }
    boolean parked = false;
    try {
      if (channel.tryLock() != null) {
        DurableFile.delete(file);
      }
    } catch (OverlappingFileLockException e) {
      parked = true;
      synchronized (PARKED) {
        PARKED.add(channel);
      }
    } finally {
      if (!parked) {
        channel.close();
      }
    }
  }
}
