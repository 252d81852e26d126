package io.github.barman4j.fault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An open file or directory of a disk. */
final class DiskChannel extends FileChannel {
  private static final int BUFFER = 1 << 16;

  private final Disk disk;
  private final Path path;
  private final DiskNode node;
  private final FileChannel real;
  private final boolean appending;

  DiskChannel(Disk disk, Path path, DiskNode node, FileChannel real, boolean appending) {
    this.disk = disk;
    this.path = path;
    this.node = node;
    this.real = real;
    this.appending = appending;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    disk.requirePower();
    return disk.readPace().passed(real.read(target));
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    disk.requirePower();
    return disk.readPace().passed(real.read(targets, offset, length));
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    disk.requirePower();
    return disk.readPace().passed(real.read(target, position));
  }

  @Override
  public synchronized int write(ByteBuffer source) throws IOException {
    long at = appending ? real.size() : real.position();
    int written = write(source, at);
    real.position(at + written);
    return written;
  }

  @Override
  public synchronized long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    long written = 0;
    for (int i = offset; i < offset + length; i++) {
      while (sources[i].hasRemaining()) {
        written += write(sources[i]);
      }
    }
    return written;
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    DiskFile file = file();
    return disk.call(DiskCall.WRITE, path, () -> {
      synchronized (file) {
        return writeWhatFits(file, source, position);
      }
    });
  }

  /** A full disk takes the beginning, and refuses the rest when it comes. */
  private int writeWhatFits(DiskFile file, ByteBuffer source, long position) throws IOException {
    long size = file.size();
    long growth = Math.max(0, position + source.remaining() - size);
    long taken = disk.space().take(growth);
    long fits = source.remaining() - (growth - taken);
    if (fits <= 0 && source.hasRemaining()) {
      disk.space().give(taken);
      throw Disk.noSpace(path);
    }
    ByteBuffer part = source.slice(source.position(), (int) fits);
    int written = real.write(part, position);
    source.position(source.position() + written);
    file.wrote(position, position + written);
    return written;
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    real.position(newPosition);
    return this;
  }

  @Override
  public long size() throws IOException {
    disk.requirePower();
    return real.size();
  }

  @Override
  public FileChannel truncate(long length) throws IOException {
    DiskFile file = file();
    return disk.call(DiskCall.TRUNCATE, path, () -> {
      synchronized (file) {
        disk.space().give(Math.max(0, file.size() - length));
        real.truncate(length);
        file.truncated(length);
      }
      return this;
    });
  }

  /** Makes durable what was written, or the names of a directory; the real file is not forced, which saves time. */
  @Override
  public void force(boolean metaData) throws IOException {
    if (node instanceof DiskFile file) {
      disk.call(
          DiskCall.FORCE_FILE,
          path,
          () -> {
            file.force(real);
            return this;
          },
          () -> this,
          file::forget);
    } else if (node instanceof DiskFolder folder) {
      disk.call(
          DiskCall.FORCE_DIRECTORY,
          path,
          () -> {
            disk.tree().force(folder);
            return this;
          },
          () -> this,
          () -> {});
    }
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    disk.requirePower();
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, count));
    if (disk.readPace().passed(real.read(buffer, position)) <= 0) {
      return 0;
    }
    buffer.flip();
    return target.write(buffer);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, count));
    if (source.read(buffer) <= 0) {
      return 0;
    }
    buffer.flip();
    long at = position;
    while (buffer.hasRemaining()) {
      at += write(buffer, at);
    }
    return at - position;
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    if (mode != MapMode.READ_ONLY) {
      throw new UnsupportedOperationException("this disk does not see what is written by mapping");
    }
    disk.requirePower();
    return real.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return disk.call(DiskCall.LOCK, path, () -> real.lock(position, size, shared));
  }

  @Override
  public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
    disk.call(DiskCall.LOCK, path, () -> this);
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }

  private DiskFile file() throws IOException {
    if (node instanceof DiskFile file) {
      return file;
    }
    throw new IOException(path + " is a directory");
  }
}
