package io.github.barman4j.server;

import io.github.barman4j.protocol.BaseBackupItem;
import io.github.barman4j.protocol.BaseBackupStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The bytes of one archive, or of the manifest, pulled from the stream of a base backup up to the item that ends them. */
final class ArchiveBytes extends InputStream {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final BaseBackupStream stream;
  private ByteBuffer data = EMPTY;
  private @Nullable BaseBackupItem next;
  private boolean ended;

  ArchiveBytes(BaseBackupStream stream) {
    this.stream = stream;
  }

  /** What comes after these bytes, null at the end of the backup; bytes that nobody has read are skipped. */
  @Nullable
  BaseBackupItem following() {
    while (!ended) {
      data = EMPTY;
      pull();
    }
    return next;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    while (!data.hasRemaining()) {
      if (ended) {
        return -1;
      }
      pull();
    }
    int count = Math.min(length, data.remaining());
    data.get(target, offset, count);
    return count;
  }

  @Override
  public int available() {
    return data.remaining();
  }

  private void pull() {
    BaseBackupItem item = stream.next();
    if (item instanceof BaseBackupItem.Data bytes) {
      data = bytes.bytes();
    } else if (!(item instanceof BaseBackupItem.Progress)) {
      next = item;
      ended = true;
    }
  }
}
