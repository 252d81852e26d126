package io.github.barman4j.fault;

import io.github.barman4j.fault.DiskFault.Reaction;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A disk that can lose its power, fill up and fail: a file system of its own for {@link java.nio.file.Files} and channels.
 *
 * <p>Everything passes through to a real directory, which is what programs see while the power is on. Beside it the disk keeps what
 * is durable: bytes of a file get there by a force of that file alone, names by a force of their directory alone (fsync(2)), and
 * nothing else, not by closing, by time or by another file's force. {@link #image} writes that out. Real disks keep some of the rest:
 * {@link #image(Path, long)} lets each change that was not forced survive or not, by chance, data by sectors of 512 bytes.
 *
 * <p>Symbolic links, and access by {@link java.io.File} or mapped for writing, are refused. Programs see the disk as long as they hold
 * its paths; {@link #root()} is the first. Thread-safe.
 */
public final class Disk {
  private final Path live;
  private final DiskTree tree;
  private final DiskSpace space = new DiskSpace();
  private final DiskPace readPace = new DiskPace();
  private final DiskFileSystem fileSystem;
  private final DiskStore store;
  private final ReadWriteLock power = new ReentrantReadWriteLock();
  private volatile DiskFault fault = DiskFault.NONE;
  private volatile boolean off;

  private Disk(Path live, Path forced) throws IOException {
    this.live = live;
    this.tree = new DiskTree(live, forced, space);
    this.fileSystem = new DiskFileSystem(this);
    this.store = new DiskStore(Files.getFileStore(live), space);
  }

  /**
   * A disk that keeps its files in {@code live} and what is durable in {@code forced}, two real directories.
   *
   * @param live made when it is missing; what lies in it already counts as durable
   * @param forced made here
   */
  public static Disk of(Path live, Path forced) throws IOException {
    Files.createDirectories(live);
    Files.createDirectory(forced);
    return new Disk(live.toRealPath(), forced);
  }

  /** The directory that the disk is, as a path on it. */
  public Path root() {
    return fileSystem.wrap(live);
  }

  /**
   * What a loss of power at this moment would take at the worst.
   *
   * @param bytes that were written and not forced
   * @param names that came, went or changed in a directory that was not forced
   */
  public record Unforced(long bytes, long names) {
    public boolean isNothing() {
      return bytes == 0 && names == 0;
    }
  }

  public Unforced unforced() {
    return tree.unforced();
  }

  /** From now on this is asked before each call. */
  public void fault(DiskFault decision) {
    fault = decision;
  }

  /** From now on files may have so many bytes together; a hole counts as if it were written. */
  public void limit(long bytes) {
    space.limit(bytes);
  }

  /** How many bytes all files have together. */
  public long usedBytes() {
    return space.used();
  }

  /** From now on so many bytes a second can be read, by all readers together: it is a disk at the other end of a slow network. */
  public void limitReading(long bytesPerSecond) {
    readPace.limit(bytesPerSecond);
  }

  /** How many bytes were read so far. */
  public long readBytes() {
    return readPace.bytes();
  }

  /** Everything that is asked from now on fails; what is durable stays for {@link #image}. */
  public void losePower() {
    power.writeLock().lock();
    try {
      off = true;
    } finally {
      power.writeLock().unlock();
    }
  }

  public boolean isOff() {
    return off;
  }

  /** Writes into a new real directory what a loss of power at this moment leaves when all is lost that was not forced. */
  public void image(Path target) throws IOException {
    power.writeLock().lock();
    try {
      Files.createDirectories(target);
      tree.image(target);
    } finally {
      power.writeLock().unlock();
    }
  }

  /** The same when a part of what was not forced has reached the disk; which one is chance. */
  public void image(Path target, long seed) throws IOException {
    power.writeLock().lock();
    try {
      Files.createDirectories(target);
      tree.image(target, new SplittableRandom(seed));
    } finally {
      power.writeLock().unlock();
    }
  }

  Path live() {
    return live;
  }

  DiskTree tree() {
    return tree;
  }

  DiskSpace space() {
    return space;
  }

  DiskPace readPace() {
    return readPace;
  }

  DiskStore store() {
    return store;
  }

  /** Something that a program asks for; null results are not allowed. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /** Asked before what changes nothing. */
  void requirePower() throws IOException {
    if (off) {
      throw new IOException("the disk has no power");
    }
  }

  /** Carries out a call, whole before or whole after a loss of power. */
  <T> T call(DiskCall kind, Path path, Work<T> work) throws IOException {
    return call(kind, path, work, work, () -> {});
  }

  /**
   * The same for a force.
   *
   * @param pretended done instead of the work when the disk pretends
   * @param failed done when the disk fails with EIO
   */
  <T> T call(DiskCall kind, Path path, Work<T> work, Work<T> pretended, Runnable failed)
      throws IOException {
    Reaction reaction = fault.before(kind, relative(path));
    if (reaction == Reaction.LOSE_POWER) {
      losePower();
    }
    power.readLock().lock();
    try {
      requirePower();
      if (reaction == Reaction.IO_ERROR) {
        failed.run();
        throw new FileSystemException(path.toString(), null, "Input/output error");
      }
      if (reaction == Reaction.NO_SPACE
          || (kind.needsSpace() && kind != DiskCall.WRITE && space.isFull())) {
        throw noSpace(path);
      }
      return reaction == Reaction.PRETEND ? pretended.run() : work.run();
    } finally {
      power.readLock().unlock();
    }
  }

  private String relative(Path path) {
    return path.startsWith(live) ? live.relativize(path).toString() : path.toString();
  }

  static FileSystemException noSpace(Path path) {
    return new FileSystemException(path.toString(), null, "No space left on device");
  }
}
