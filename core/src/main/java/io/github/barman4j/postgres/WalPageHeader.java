package io.github.barman4j.postgres;

import java.util.Optional;

/**
 * What a page of the write-ahead log begins with (xlog_internal.h, XLogPageHeaderData and XLogLongPageHeaderData, 15–18).
 *
 * @param magic names the major version: 0xD110 for 15, 0xD113 for 16, 0xD116 for 17, 0xD118 for 18, 0xD122 for 19
 * @param info flags, see {@link #continuesRecord()} and {@link #overwritesRecord()}; the bit 4 ("backup blocks removable") says
 *     nothing that matters here
 * @param timeline that of the page's first record; in the segment where a timeline began, pages before the fork keep the ancestor's
 * @param address the position of the page's first byte
 * @param remaining bytes of a record from the pages before that are still to come, from this page on; 0 if there is none
 * @param identity what the first page of each segment says besides
 */
public record WalPageHeader(
    int magic,
    int info,
    Timeline timeline,
    Lsn address,
    int remaining,
    Optional<Identity> identity) {
  /** Bytes of a header without {@link Identity}. */
  public static final int SHORT_LENGTH = 24;

  /** Bytes of a header with {@link Identity}. */
  public static final int LONG_LENGTH = 40;

  private static final int CONTINUES_RECORD = 1;
  private static final int LONG_HEADER = 2;

  private static final int MINIMUM_BLOCK = 1 << 10;
  private static final int MAXIMUM_BLOCK = 1 << 16;

  /**
   * Where the segment comes from.
   *
   * @param blockSize bytes of a page, a power of two from 1 KiB to 64 KiB; 8 KiB unless the server was built otherwise
   */
  public record Identity(
      SystemIdentifier systemIdentifier, WalSegmentSize segmentSize, int blockSize) {}

  /**
   * Reads the header at the start of {@code bytes}.
   *
   * @throws io.github.barman4j.BarmanException (WAL_INVALID) if it is shorter than a header, of an unknown major, has undefined
   *     flags, or holds a value out of range
   */
  public static WalPageHeader parse(byte[] bytes) {
    return parse(bytes, 0, bytes.length);
  }

  static WalPageHeader parse(byte[] bytes, int from, int to) {
    if (to - from < SHORT_LENGTH || to - from < length(bytes, from)) {
      throw Malformed.wal("a WAL page header of " + (to - from) + " bytes is cut short");
    }
    int magic = Bytes.unsigned16(bytes, from);
    int info = Bytes.unsigned16(bytes, from + 2);
    WalFormat format = WalFormat.ofMagic(magic)
        .orElseThrow(() -> Malformed.wal("magic number " + Hexadecimal.plain(magic)
            + " of a WAL page is not that of PostgreSQL 15 to 19"));
    if ((info & ~format.pageFlags) != 0) {
      throw Malformed.wal("flags " + Hexadecimal.plain(info) + " of a WAL page are not defined");
    }
    int timeline = Bytes.int32(bytes, from + 4);
    int remaining = Bytes.int32(bytes, from + 16);
    if (timeline < 1 || remaining < 0) {
      throw Malformed.wal("a WAL page has timeline " + Integer.toUnsignedString(timeline) + " and "
          + Integer.toUnsignedString(remaining) + " remaining bytes");
    }
    return new WalPageHeader(
        magic,
        info,
        new Timeline(timeline),
        new Lsn(Bytes.int64(bytes, from + 8)),
        remaining,
        (info & LONG_HEADER) == 0
            ? Optional.empty()
            : Optional.of(identity(bytes, from + SHORT_LENGTH)));
  }

  private static Identity identity(byte[] bytes, int from) {
    long system = Bytes.int64(bytes, from);
    int segment = Bytes.int32(bytes, from + 8);
    int block = Bytes.int32(bytes, from + 12);
    if (system == 0
        || !WalSegmentSize.isValid(segment)
        || block < MINIMUM_BLOCK
        || block > MAXIMUM_BLOCK
        || Integer.bitCount(block) != 1) {
      throw Malformed.wal("a WAL segment has system identifier " + Long.toUnsignedString(system)
          + ", segment size " + Integer.toUnsignedString(segment) + " and page size "
          + Integer.toUnsignedString(block));
    }
    return new Identity(new SystemIdentifier(system), new WalSegmentSize(segment), block);
  }

  /** Length of the header that begins at an offset, by its flags alone. */
  static int length(byte[] bytes, int offset) {
    return (Bytes.unsigned16(bytes, offset + 2) & LONG_HEADER) == 0 ? SHORT_LENGTH : LONG_LENGTH;
  }

  /** Bytes that the header takes up. */
  public int length() {
    return identity.isPresent() ? LONG_LENGTH : SHORT_LENGTH;
  }

  /** Whether the page begins with the rest of a record from the pages before. */
  public boolean continuesRecord() {
    return (info & CONTINUES_RECORD) != 0;
  }

  /** Whether a record from the pages before was given up after a crash, and another one begins here in its place. */
  public boolean overwritesRecord() {
    return (info & format().overwritesRecord) != 0;
  }

  /** The major version that wrote it. */
  public int major() {
    return format().major;
  }

  WalFormat format() {
    return WalFormat.ofMagic(magic)
        .orElseThrow(
            () -> Malformed.wal("magic number " + Hexadecimal.plain(magic) + " is unknown"));
  }
}
