package io.github.barman4j.fault;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/**
 * A file: what was forced lies in a second file, what was not is known by its ranges. Its monitor is held while it is written and
 * forced.
 */
final class DiskFile implements DiskNode {
  private static final int SECTOR = 512;
  private static final int BUFFER = 1 << 18;

  private final Path forced;
  private final DirtyRanges dirty = new DirtyRanges();
  private long cutTo = Long.MAX_VALUE;
  private long size;
  private int names = 1;

  /** @param forced where the durable content is kept; made here */
  DiskFile(Path forced) throws IOException {
    this.forced = forced;
    FileChannel.open(forced, StandardOpenOption.CREATE_NEW, WRITE).close();
  }

  synchronized void named() {
    names++;
  }

  /** @return whether the last name has gone */
  synchronized boolean unnamed() {
    names--;
    return names == 0;
  }

  /** As programs see it. */
  synchronized long size() {
    return size;
  }

  synchronized long unforcedBytes() {
    return dirty.bytes();
  }

  synchronized void wrote(long start, long end) {
    dirty.add(start, end);
    size = Math.max(size, end);
  }

  synchronized void truncated(long length) {
    size = Math.min(size, length);
    dirty.cut(length);
    cutTo = Math.min(cutTo, length);
  }

  /** Makes everything durable that was written since the last time. */
  synchronized void force(FileChannel live) throws IOException {
    if (dirty.isEmpty() && cutTo == Long.MAX_VALUE) {
      return;
    }
    try (FileChannel target = FileChannel.open(forced, WRITE)) {
      if (cutTo < target.size()) {
        target.truncate(cutTo);
      }
      dirty.forEach((start, end) -> copy(live, target, start, end));
    }
    forget();
  }

  /** What a failed force leaves: the pages count as clean and are not on the disk. */
  synchronized void forget() {
    dirty.clear();
    cutTo = Long.MAX_VALUE;
  }

  /** Writes what is durable to a file. */
  synchronized void image(Path target) throws IOException {
    try (FileChannel from = FileChannel.open(forced, READ);
        FileChannel to = FileChannel.open(target, CREATE, WRITE)) {
      copy(from, to, 0, from.size());
    }
  }

  /** The same, but each sector that was not forced is there or not, by chance. */
  synchronized void image(Path target, FileChannel live, SplittableRandom random)
      throws IOException {
    image(target);
    try (FileChannel to = FileChannel.open(target, WRITE)) {
      if (cutTo < to.size() && random.nextBoolean()) {
        to.truncate(cutTo);
      }
      dirty.forEach((start, end) -> {
        for (long at = start; at < end; ) {
          long next = Math.min(end, (at / SECTOR + 1) * SECTOR);
          if (random.nextBoolean()) {
            copy(live, to, at, next);
          }
          at = next;
        }
      });
    }
  }

  private static void copy(FileChannel from, FileChannel to, long start, long end)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, end - start)));
    for (long at = start; at < end; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      int read = from.read(buffer, at);
      if (read <= 0) {
        return;
      }
      buffer.flip();
      for (long write = at; buffer.hasRemaining(); ) {
        write += to.write(buffer, write);
      }
      at += read;
    }
  }
}
