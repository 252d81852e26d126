package io.github.barman4j.receive;

import io.github.barman4j.DurableFile;
import io.github.barman4j.PersistencePoint;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A segment that is still being received, as PostgreSQL has it: a file of the segment's full size, zeros where nothing has come yet.
 *
 * <p>Bytes that are there already are compared with what comes and must be equal, since the log never changes. They are written again
 * all the same: after a failed fsync the page cache may hold bytes that the disk does not, and only written pages are forced once
 * more. The file is never truncated. Not thread-safe.
 */
final class PlainPartial implements PartialFile {
  private final WalSegment segment;
  private final Path file;
  private final FileChannel channel;
  private final boolean resumed;
  private final ByteBuffer present = ByteBuffer.allocate(64 << 10);
  private int offset;
  private boolean dirty;
  private Lsn durable = Lsn.INVALID;

  /** @param resumed whether the file may hold bytes already */
  PlainPartial(WalSegment segment, Path file, FileChannel channel, boolean resumed) {
    this.segment = segment;
    this.file = file;
    this.channel = channel;
    this.resumed = resumed;
  }

  @Override
  public WalSegment segment() {
    return segment;
  }

  @Override
  public Path path() {
    return file;
  }

  @Override
  public Lsn position() {
    return segment.start().plus(offset);
  }

  @Override
  public boolean isFull() {
    return offset == segment.size().bytes();
  }

  @Override
  public Lsn durable() {
    return durable;
  }

  @Override
  public void write(ByteBuffer data) throws IOException {
    int length = Math.min(data.remaining(), segment.size().bytes() - offset);
    ByteBuffer part = data.slice(data.position(), length);
    if (resumed) {
      compare(part.duplicate());
    }
    dirty = true;
    PersistencePoint.WRITE.reached(file);
    int at = offset;
    while (part.hasRemaining()) {
      int written = channel.write(part, at);
      if (written <= 0) {
        throw new IOException("nothing could be written to " + file);
      }
      at += written;
    }
    offset += length;
    data.position(data.position() + length);
  }

  private void compare(ByteBuffer incoming) throws IOException {
    int at = offset;
    while (incoming.hasRemaining()) {
      present.clear().limit(Math.min(present.capacity(), incoming.remaining()));
      int read = channel.read(present, at);
      if (read <= 0) {
        return;
      }
      present.flip();
      ByteBuffer same = incoming.slice(incoming.position(), read);
      int difference = present.mismatch(same);
      while (difference >= 0) {
        // Zero is what the file was made of: those bytes had not come, or had not reached the disk.
        if (present.get(difference) != 0) {
          throw PartialFile.differs(segment.start().plus(at + difference), file);
        }
        present.position(difference + 1);
        same.position(difference + 1);
        int further = present.slice().mismatch(same.slice());
        difference = further < 0 ? -1 : difference + 1 + further;
      }
      at += read;
      incoming.position(incoming.position() + read);
    }
  }

  @Override
  public void sync() throws IOException {
    if (dirty) {
      DurableFile.syncData(channel, file);
      dirty = false;
    }
    durable = position();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
