package io.github.barman4j.postgres;

/**
 * The size of a cluster's WAL segments, fixed when it is made ({@code initdb --wal-segsize}).
 *
 * @param bytes a power of two from 1 MiB to 1 GiB (xlog_internal.h, IsValidWalSegSize, 15–18)
 */
public record WalSegmentSize(int bytes) {
  private static final int MINIMUM = 1 << 20;
  private static final int MAXIMUM = 1 << 30;

  /** 16 MiB. */
  public static final WalSegmentSize DEFAULT = new WalSegmentSize(16 << 20);

  /** Refuses any other size with a BarmanException (INVALID_VALUE). */
  public WalSegmentSize {
    if (!isValid(bytes)) {
      throw Malformed.value(
          "WAL segments of " + Integer.toUnsignedString(bytes) + " bytes are not possible",
          "the size is a power of two from 1 MiB to 1 GiB; the server shows its own as wal_segment_size.");
    }
  }

  /** Whether a server can have segments of this size. */
  public static boolean isValid(int bytes) {
    return bytes >= MINIMUM && bytes <= MAXIMUM && Integer.bitCount(bytes) == 1;
  }

  /** How far into its segment a position lies, in bytes. */
  public int offsetOf(Lsn lsn) {
    return (int) (lsn.value() & (bytes - 1));
  }

  /** How many segments share the middle part of the name. */
  long segmentsPerLog() {
    return (1L << 32) / bytes;
  }

  @Override
  public String toString() {
    return (bytes >> 20) + "MB";
  }
}
