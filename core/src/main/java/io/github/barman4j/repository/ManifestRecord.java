package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.BarmanException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;

/** One entry of a manifest as bytes, without its length. */
final class ManifestRecord {
  private static final byte FILE = 1;
  private static final byte DIRECTORY = 2;
  private static final byte LINK = 3;
  private static final int KEY_AT = Short.BYTES;
  private static final int FILE_BYTES = 1 + 4 + 8 + 4 + 8 + 1;

  private ManifestRecord() {}

  static byte[] key(FileKind kind, String path) {
    byte[] name = path.getBytes(UTF_8);
    byte[] key = new byte[1 + name.length];
    key[0] = kind.keyByte();
    System.arraycopy(name, 0, key, 1, name.length);
    return key;
  }

  static byte[] encode(ManifestEntry entry) {
    if (entry instanceof FileEntry file) {
      BlockMapRoot blocks = file.blocks();
      return begin(key(file.kind(), file.path()), FILE_BYTES + blocks.entries().length)
          .put(FILE)
          .putInt(file.mode())
          .putLong(file.modified().getEpochSecond())
          .putInt(file.modified().getNano())
          .putLong(file.size())
          .put((byte) blocks.height())
          .put(blocks.entries())
          .array();
    }
    if (entry instanceof DirectoryEntry directory) {
      return begin(key(FileKind.DATA, directory.path()), 1 + Integer.BYTES)
          .put(DIRECTORY)
          .putInt(directory.mode())
          .array();
    }
    byte[] target = ((LinkEntry) entry).target().getBytes(UTF_8);
    return begin(key(FileKind.DATA, entry.path()), 1 + Short.BYTES + target.length)
        .put(LINK)
        .putShort((short) target.length)
        .put(target)
        .array();
  }

  private static ByteBuffer begin(byte[] key, int rest) {
    return ByteBuffer.allocate(KEY_AT + key.length + rest)
        .putShort((short) key.length)
        .put(key);
  }

  /** Compares two records by their keys, byte by byte, unsigned. */
  static int compareKeys(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(
        a, KEY_AT, KEY_AT + keyLength(a, 0), b, KEY_AT, KEY_AT + keyLength(b, 0));
  }

  /** Compares the key of the record at an offset with a key. */
  static int compareKey(byte[] page, int at, byte[] key) {
    int from = at + KEY_AT;
    return Arrays.compareUnsigned(page, from, from + keyLength(page, at), key, 0, key.length);
  }

  static byte[] keyOf(byte[] record) {
    return Arrays.copyOfRange(record, KEY_AT, KEY_AT + keyLength(record, 0));
  }

  private static int keyLength(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes, at, Short.BYTES).getShort() & 0xFFFF;
  }

  /** Reads a record from a verified page; what does not fit is damage all the same. */
  static ManifestEntry decode(
      String object, byte[] page, int at, int length, RepositoryOptions options) {
    try {
      return decode(ByteBuffer.wrap(page, at, length), options);
    } catch (BufferUnderflowException | BarmanException | DateTimeException e) {
      throw Damage.in(object, "an entry is malformed", e);
    }
  }

  private static ManifestEntry decode(ByteBuffer bytes, RepositoryOptions options) {
    byte[] key = take(bytes, bytes.getShort() & 0xFFFF);
    if (key.length == 0) {
      throw new BufferUnderflowException();
    }
    FileKind kind = key[0] == FileKind.DATA.keyByte() ? FileKind.DATA : FileKind.CONFIGURATION;
    String path = new String(key, 1, key.length - 1, UTF_8);
    byte type = bytes.get();
    return switch (type) {
      case FILE -> {
        int mode = bytes.getInt();
        Instant modified = Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
        long size = bytes.getLong();
        int height = bytes.get();
        long entries = height == 0 ? options.blocksOf(size) : 1;
        if (size < 0
            || entries * BlockEntry.BYTES != bytes.remaining()
            || !BlockMapRoot.reaches(height, options.blocksOf(size), options.mapPageEntries())) {
          throw new BufferUnderflowException();
        }
        byte[] blocks = take(bytes, bytes.remaining());
        yield new FileEntry(path, mode, modified, size, kind, new BlockMapRoot(height, blocks));
      }
      case DIRECTORY -> new DirectoryEntry(path, bytes.getInt());
      case LINK -> new LinkEntry(path, new String(take(bytes, bytes.getShort() & 0xFFFF), UTF_8));
      default -> throw new BufferUnderflowException();
    };
  }

  private static byte[] take(ByteBuffer bytes, int count) {
    byte[] taken = new byte[count];
    bytes.get(taken);
    return taken;
  }
}
