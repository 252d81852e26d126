package io.github.barman4j.server;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the archives that a server makes (POSIX 1003.1-1990 ustar with base-256 sizes; tar.c, 15–18): files, directories and links,
 * nothing else. Everything that it gives out has been checked by {@link MemberName}. For one thread.
 */
final class TarReader {
  /** More than the largest file that any of PostgreSQL's file systems can hold. */
  static final long LARGEST_FILE = 1L << 44;

  private static final int BLOCK = 512;
  private static final int SIZE_OFFSET = 124;
  private static final int CHECKSUM_OFFSET = 148;
  private static final int TYPE_OFFSET = 156;
  private static final int LINK_OFFSET = 157;
  private static final int MAGIC_OFFSET = 257;
  private static final int PREFIX_OFFSET = 345;
  private static final int PERMISSIONS = 0777;

  enum Type {
    FILE,
    DIRECTORY,
    LINK
  }

  /**
   * One member.
   *
   * @param path safe, without a trailing slash
   * @param link what a link points at, unchecked; empty for anything else
   */
  record Member(Type type, String path, int mode, Instant modified, long size, String link) {}

  private final InputStream in;
  private final String archive;
  private final byte[] header = new byte[BLOCK];
  private final byte[] scratch = new byte[64 << 10];
  private long left;
  private int padding;
  private @Nullable Content current;

  TarReader(InputStream in, String archive) {
    this.in = in;
    this.archive = archive;
  }

  /** The next member, or null after the archive's end; whatever is left of the one before is skipped. */
  @Nullable
  Member next() {
    current = null;
    skip(left + padding);
    left = 0;
    padding = 0;
    readFully(header);
    if (isZero(header, BLOCK)) {
      drain();
      return null;
    }
    checkHeader();
    String name = name();
    Type type = type(name);
    String path = MemberName.safe(name, archive);
    long size = number(SIZE_OFFSET, 12, path);
    if (size > LARGEST_FILE) {
      throw MemberName.hostile(archive, path, "a size of " + size + " bytes");
    }
    if (type != Type.FILE && size != 0) {
      throw MemberName.hostile(archive, path, "only files have a size");
    }
    left = size;
    padding = (int) (-size & BLOCK - 1);
    int mode = (int) (number(100, 8, path) & PERMISSIONS);
    Instant modified = Instant.ofEpochSecond(Math.min(number(136, 12, path), 1L << 40));
    return new Member(
        type, path, mode, modified, size, type == Type.LINK ? text(LINK_OFFSET, 100) : "");
  }

  /** The bytes of the member that came last; dead once the next is asked for. */
  InputStream content() {
    current = new Content(left);
    return current;
  }

  private void checkHeader() {
    if (header[MAGIC_OFFSET] != 'u'
        || header[MAGIC_OFFSET + 1] != 's'
        || header[MAGIC_OFFSET + 2] != 't'
        || header[MAGIC_OFFSET + 3] != 'a'
        || header[MAGIC_OFFSET + 4] != 'r') {
      throw damaged("a member's header is not ustar", null);
    }
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean inChecksum = i >= CHECKSUM_OFFSET && i < CHECKSUM_OFFSET + 8;
      sum += inChecksum ? ' ' : header[i] & 0xff;
    }
    if (number(CHECKSUM_OFFSET, 8, "") != sum) {
      throw damaged("a member's header has a wrong checksum", null);
    }
  }

  private String name() {
    String prefix = text(PREFIX_OFFSET, 155);
    String name = text(0, 100);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private Type type(String name) {
    return switch (header[TYPE_OFFSET]) {
      case '0', 0 -> Type.FILE;
      case '5' -> Type.DIRECTORY;
      case '2' -> Type.LINK;
      default ->
        throw MemberName.hostile(
            archive, name, "a member of type 0x" + Integer.toHexString(header[TYPE_OFFSET] & 0xff));
    };
  }

  private String text(int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return MemberName.decode(header, offset, end - offset, archive);
  }

  /** Octal digits, or base-256 when the first bit is set (tar.c, print_tar_number). */
  private long number(int offset, int length, String path) {
    if ((header[offset] & 0x80) != 0) {
      return binary(offset, length, path);
    }
    long value = 0;
    boolean ended = false;
    boolean begun = false;
    for (int i = offset; i < offset + length; i++) {
      byte digit = header[i];
      if (digit >= '0' && digit <= '7' && !ended) {
        value = value << 3 | digit - '0';
        begun = true;
      } else if (digit == ' ' || digit == 0) {
        ended = begun;
      } else {
        throw MemberName.hostile(archive, path, "a number in its header is none");
      }
    }
    return value;
  }

  private long binary(int offset, int length, String path) {
    long value = header[offset] & 0x7f;
    for (int i = offset + 1; i < offset + length; i++) {
      if (value >= 1L << 55) {
        throw MemberName.hostile(archive, path, "a number in its header is absurdly large");
      }
      value = value << 8 | header[i] & 0xff;
    }
    return value;
  }

  /** After the first block of zeros there are only zeros. */
  private void drain() {
    while (true) {
      int count = read(scratch, 0, scratch.length);
      if (count < 0) {
        return;
      }
      if (!isZero(scratch, count)) {
        throw damaged("there is something after its end", null);
      }
    }
  }

  private void skip(long bytes) {
    long rest = bytes;
    while (rest > 0) {
      int count = read(scratch, 0, (int) Math.min(rest, scratch.length));
      if (count < 0) {
        throw damaged("it ends in the middle of a member", null);
      }
      rest -= count;
    }
  }

  private void readFully(byte[] target) {
    int done = 0;
    while (done < target.length) {
      int count = read(target, done, target.length - done);
      if (count < 0) {
        throw damaged("it ends without its end mark", null);
      }
      done += count;
    }
  }

  private int read(byte[] target, int offset, int length) {
    try {
      return in.read(target, offset, length);
    } catch (IOException e) {
      throw damaged("it cannot be decompressed: " + e.getMessage(), e);
    }
  }

  private static boolean isZero(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private BarmanException damaged(String why, @Nullable Throwable cause) {
    return new BarmanException(
        ErrorCode.PROTOCOL_VIOLATION,
        "archive " + archive + " of the server is damaged: " + why,
        "take the backup again; when it happens again, try barman.wireCompression=none.",
        cause);
  }

  /** What is left of one member. */
  private final class Content extends InputStream {
    private final long expected;

    Content(long expected) {
      this.expected = expected;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (this != current) {
        throw new IllegalStateException("the member is over");
      }
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int count = TarReader.this.read(target, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw damaged("it ends in the middle of a member of " + expected + " bytes", null);
      }
      left -= count;
      return count;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, left);
    }
  }
}
