package io.github.barman4j.postgres;

import java.util.Comparator;

/**
 * A segment of the write-ahead log: a file of fixed size on one timeline.
 *
 * <p>Its name is three times eight hexadecimal digits: the timeline, the upper half of its start, and its place within that half
 * (xlog_internal.h, XLogFileName, 15–18). Segments are ordered by timeline, then by number.
 *
 * @param number its start divided by its size
 */
public record WalSegment(Timeline timeline, long number, WalSegmentSize size)
    implements Comparable<WalSegment> {
  private static final Comparator<WalSegment> ORDER =
      Comparator.comparing(WalSegment::timeline).thenComparingLong(WalSegment::number);
  private static final int NAME_LENGTH = 24;

  /** Refuses a number whose start does not fit in 64 bits with a BarmanException (INVALID_VALUE). */
  public WalSegment {
    if (number < 0 || number > Long.divideUnsigned(-1, size.bytes())) {
      throw Malformed.value(
          "WAL segment number " + Long.toUnsignedString(number) + " is out of range",
          "with segments of " + size + " the log ends before it.");
    }
  }

  /**
   * Reads a segment's file name, without any suffix.
   *
   * @throws io.github.barman4j.BarmanException (INVALID_VALUE) for any other text, and when no segment of this size can have that
   *     name
   */
  public static WalSegment parse(String name, WalSegmentSize size) {
    if (!isName(name)) {
      throw malformed(name, size);
    }
    long log = Hexadecimal.parse(name, 8, 16);
    long place = Hexadecimal.parse(name, 16, NAME_LENGTH);
    if (place >= size.segmentsPerLog()) {
      throw malformed(name, size);
    }
    return new WalSegment(
        Timeline.parseHex(name.substring(0, 8)), log * size.segmentsPerLog() + place, size);
  }

  private static RuntimeException malformed(String name, WalSegmentSize size) {
    return Malformed.value(
        "'" + name + "' is no name of a WAL segment of " + size,
        "a name is 24 hexadecimal digits, for example 000000010000000000000001; the segment size must be the cluster's own.");
  }

  /** Whether a file name looks like a segment's: 24 hexadecimal digits in capitals, no suffix. */
  public static boolean isName(String name) {
    return name.length() == NAME_LENGTH
        && name.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'A' && c <= 'F');
  }

  /** The segment that holds the byte at a position. */
  public static WalSegment containing(Timeline timeline, Lsn lsn, WalSegmentSize size) {
    return new WalSegment(timeline, Long.divideUnsigned(lsn.value(), size.bytes()), size);
  }

  /**
   * The segment that holds the last byte before a position: what is needed to have everything up to an exclusive end.
   *
   * @param end after {@link Lsn#INVALID}
   */
  public static WalSegment endingBefore(Timeline timeline, Lsn end, WalSegmentSize size) {
    return containing(timeline, end.plus(-1), size);
  }

  /** The file name. */
  public String name() {
    return timeline.hex() + log() + Hexadecimal.padded((int) (number % size.segmentsPerLog()));
  }

  /** The middle eight digits of the name. */
  public String log() {
    return Hexadecimal.padded((int) (number / size.segmentsPerLog()));
  }

  /** The position of its first byte. */
  public Lsn start() {
    return new Lsn(number * size.bytes());
  }

  /** The position after its last byte. */
  public Lsn end() {
    return start().plus(size.bytes());
  }

  /** Whether the byte at a position lies in this segment, whatever the timeline. */
  public boolean contains(Lsn lsn) {
    return number == Long.divideUnsigned(lsn.value(), size.bytes());
  }

  /** The one after it on the same timeline. */
  public WalSegment next() {
    return new WalSegment(timeline, number + 1, size);
  }

  /** The one before it on the same timeline; number 0 has none and is refused. */
  public WalSegment previous() {
    return new WalSegment(timeline, number - 1, size);
  }

  /** The same positions on another timeline. */
  public WalSegment onTimeline(Timeline other) {
    return new WalSegment(other, number, size);
  }

  @Override
  public int compareTo(WalSegment other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return name();
  }
}
