package io.github.barman4j.receive;

import io.github.barman4j.DurableFile;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.SealedTail;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A segment that is still being received into an encrypted repository: a log of sealed records. Not thread-safe.
 *
 * <p>What an earlier run has received lies in a file of its own. The segment is written anew beside it, compared with it, and takes its
 * place when it is as long: until then the earlier file stays as it is, and nothing counts as durable.
 */
final class SealedPartial implements PartialFile {
  private final WalSegment segment;
  private final Path target;
  private final FileChannel channel;
  private final SealedTail tail;
  private final byte[] present = new byte[64 << 10];
  private Path file;
  private @Nullable BufferedInputStream earlier;
  private int offset;
  private boolean dirty = true;
  private Lsn durable = Lsn.INVALID;

  /**
   * @param file what is written now
   * @param target what it is to be called when it holds what the earlier run has received
   * @param earlier what that is; null for nothing
   */
  SealedPartial(
      WalSegment segment,
      Path file,
      Path target,
      FileChannel channel,
      SealedTail tail,
      @Nullable InputStream earlier)
      throws IOException {
    this.segment = segment;
    this.file = file;
    this.target = target;
    this.channel = channel;
    this.tail = tail;
    this.earlier = earlier == null ? null : new BufferedInputStream(earlier, present.length);
    forgetEarlierAtItsEnd();
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
  public Lsn durable() {
    return durable;
  }

  @Override
  public boolean isFull() {
    return offset == segment.size().bytes();
  }

  @Override
  public void write(ByteBuffer data) throws IOException {
    int length = Math.min(data.remaining(), segment.size().bytes() - offset);
    ByteBuffer part = data.slice(data.position(), length);
    compare(part.duplicate());
    dirty = true;
    tail.write(part);
    offset += length;
    data.position(data.position() + length);
    forgetEarlierAtItsEnd();
  }

  private void compare(ByteBuffer incoming) throws IOException {
    InputStream old = earlier;
    int at = offset;
    while (old != null && incoming.hasRemaining()) {
      int read = old.read(present, 0, Math.min(present.length, incoming.remaining()));
      if (read < 0) {
        return;
      }
      int difference =
          ByteBuffer.wrap(present, 0, read).mismatch(incoming.slice(incoming.position(), read));
      if (difference >= 0) {
        throw PartialFile.differs(segment.start().plus(at + difference), target);
      }
      at += read;
      incoming.position(incoming.position() + read);
    }
  }

  private void forgetEarlierAtItsEnd() throws IOException {
    BufferedInputStream old = earlier;
    if (old == null) {
      return;
    }
    old.mark(1);
    if (isFull() || old.read() < 0) {
      earlier = null;
      old.close();
    } else {
      old.reset();
    }
  }

  @Override
  public void sync() throws IOException {
    if (dirty) {
      DurableFile.syncData(channel, file);
      dirty = false;
    }
    if (earlier == null) {
      if (!file.equals(target)) {
        DurableFile.rename(file, target);
        file = target;
      }
      durable = position();
    }
  }

  @Override
  public void close() throws IOException {
    BufferedInputStream old = earlier;
    channel.close();
    if (old != null) {
      earlier = null;
      old.close();
    }
    if (!file.equals(target)) {
      Files.deleteIfExists(file);
    }
  }
}
