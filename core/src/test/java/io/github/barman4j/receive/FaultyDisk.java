package io.github.barman4j.receive;

import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.PartialSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A disk that writes less than it is given, fills up, or fails when it is forced. */
final class FaultyDisk implements PartialFiles.Opener {
  private @Nullable RandomGenerator shortWrites;
  private long space = Long.MAX_VALUE;
  private boolean syncsFail;
  private long written;
  private int syncs;
  private double failureRate;
  private final Map<Path, Long> extents = new HashMap<>();
  private final Map<Path, Long> durable = new HashMap<>();

  void writeShort(RandomGenerator random) {
    shortWrites = random;
  }

  /** Allows so many bytes in all, from the beginning of each file. */
  void fillAfter(long bytes) {
    space = bytes;
  }

  void failSyncs() {
    syncsFail = true;
  }

  /** Lets every write and every sync fail with a probability. */
  void failSometimes(RandomGenerator random, double rate) {
    shortWrites = random;
    failureRate = rate;
  }

  int syncs() {
    return syncs;
  }

  /** How many bytes from a segment on are forced to the disk, in the files of consecutive segments without a gap. */
  long durableBytes(Path directory, WalSegment first) {
    long bytes = 0;
    WalSegment segment = first;
    long inFile = segment.size().bytes();
    while (inFile == segment.size().bytes()) {
      inFile = durable.getOrDefault(PartialSegment.fileOf(directory, segment), 0L);
      bytes += inFile;
      segment = segment.next();
    }
    return bytes;
  }

  private void failPerhaps() throws IOException {
    if (shortWrites != null && shortWrites.nextDouble() < failureRate) {
      throw new IOException("Input/output error");
    }
  }

  long written() {
    return written;
  }

  void forgetWrites() {
    written = 0;
  }

  @Override
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    return new Faulty(file, FileChannel.open(file, options));
  }

  private final class Faulty extends FileChannel {
    private final Path file;
    private final FileChannel real;

    Faulty(Path file, FileChannel real) {
      this.file = file;
      this.real = real;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      failPerhaps();
      int length = source.remaining();
      if (shortWrites != null && length > 1) {
        length = shortWrites.nextInt(1, length + 1);
      }
      if (position + length > space) {
        if (position >= space) {
          throw new IOException("No space left on device");
        }
        length = (int) (space - position);
      }
      int count = real.write(source.slice(source.position(), length), position);
      source.position(source.position() + count);
      written += count;
      extents.merge(file, position + count, Math::max);
      return count;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      failPerhaps();
      if (syncsFail) {
        throw new IOException("Input/output error");
      }
      syncs++;
      durable.put(file, extents.getOrDefault(file, 0L));
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return real.read(target, position);
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
      real.close();
    }

    @Override
    public int read(ByteBuffer target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long newPosition) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }
  }
}
