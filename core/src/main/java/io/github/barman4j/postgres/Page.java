package io.github.barman4j.postgres;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A page of a relation, as it lies in a file: 8 KiB, of a server on a little-endian machine.
 *
 * <p>Sources: bufpage.h and bufpage.c (PageHeaderData, PageIsVerified), checksum_impl.h (pg_checksum_page), 15–18. Pure; safe for any
 * thread.
 */
public final class Page {
  /** Bytes of a page; a server that was built with another size has pages that cannot be judged here. */
  public static final int SIZE = 8192;

  private static final int CHECKSUM_AT = 8;
  private static final int FLAGS_AT = 10;
  private static final int LOWER_AT = 12;
  private static final int UPPER_AT = 14;
  private static final int SPECIAL_AT = 16;
  private static final int VERSION_AT = 18;
  private static final int HEADER_BYTES = 24;
  private static final int VALID_FLAGS = 0x0007;
  private static final int LAYOUT_VERSION = 4;

  private static final int SUMS = 32;
  private static final int PRIME = 16777619;

  /** checksum_impl.h, checksumBaseOffsets. */
  private static final int[] BASES = {
    0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A,
    0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
    0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA,
    0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
    0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE,
    0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
    0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E,
    0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
  };

  /** Room for one page as numbers, so that judging makes no garbage. */
  private static final ThreadLocal<int[]> WORDS = ThreadLocal.withInitial(() -> new int[SIZE / 4]);

  private Page() {}

  /**
   * What is wrong with the page at {@code bytes[at, at + SIZE)}; empty when it is as a server writes it. Whole pages of zeros are
   * right: a relation is extended with them.
   *
   * @param block number of the page in its relation's fork, from 0; all segments of the fork count
   * @param checksums whether the cluster's pages carry checksums; without, only the header can be judged
   */
  public static Optional<String> fault(byte[] bytes, int at, long block, boolean checksums) {
    if (Bytes.unsigned16(bytes, at + UPPER_AT) == 0) {
      return Bytes.isZero(bytes, at, at + SIZE)
          ? Optional.empty()
          : Optional.of("the page has no header and is not empty");
    }
    if (checksums) {
      int stored = Bytes.unsigned16(bytes, at + CHECKSUM_AT);
      int found = checksum(bytes, at, block);
      if (stored != found) {
        return Optional.of("the page has the checksum " + found + " and says " + stored);
      }
    }
    return headerFault(bytes, at);
  }

  private static Optional<String> headerFault(byte[] bytes, int at) {
    int flags = Bytes.unsigned16(bytes, at + FLAGS_AT);
    int lower = Bytes.unsigned16(bytes, at + LOWER_AT);
    int upper = Bytes.unsigned16(bytes, at + UPPER_AT);
    int special = Bytes.unsigned16(bytes, at + SPECIAL_AT);
    int version = Bytes.unsigned16(bytes, at + VERSION_AT);
    boolean ordered = lower >= HEADER_BYTES
        && lower <= upper
        && upper <= special
        && special <= SIZE
        && special % 8 == 0;
    if (ordered && (flags & ~VALID_FLAGS) == 0 && version == (SIZE | LAYOUT_VERSION)) {
      return Optional.empty();
    }
    return Optional.of("the page has an impossible header: lower " + lower + ", upper " + upper
        + ", special " + special + ", flags " + flags + ", size and version " + version);
  }

  /** The position of the last record that changed the page; of a page of zeros {@link Lsn#INVALID}. */
  public static Lsn lsn(byte[] bytes, int at) {
    return new Lsn(Bytes.unsigned32(bytes, at) << 32 | Bytes.unsigned32(bytes, at + 4));
  }

  /**
   * The checksum that the page has to carry, 1 to 65535.
   *
   * @param block number of the page in its relation's fork; only its lower 32 bits count
   */
  public static int checksum(byte[] bytes, int at, long block) {
    int[] words = WORDS.get();
    ByteBuffer.wrap(bytes, at, SIZE)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(words);
    words[CHECKSUM_AT / 4] &= 0xFFFF0000;
    int result = 0;
    for (int column = 0; column < SUMS; column += 8) {
      result ^= sums(words, column);
    }
    return Integer.remainderUnsigned(result ^ (int) block, 65535) + 1;
  }

  /** Eight of the 32 sums, which do not depend on each other: so many fit into registers, which is faster than a loop over all. */
  private static int sums(int[] words, int column) {
    int a = BASES[column];
    int b = BASES[column + 1];
    int c = BASES[column + 2];
    int d = BASES[column + 3];
    int e = BASES[column + 4];
    int f = BASES[column + 5];
    int g = BASES[column + 6];
    int h = BASES[column + 7];
    for (int i = column; i < SIZE / 4; i += SUMS) {
      a = round(a ^ words[i]);
      b = round(b ^ words[i + 1]);
      c = round(c ^ words[i + 2]);
      d = round(d ^ words[i + 3]);
      e = round(e ^ words[i + 4]);
      f = round(f ^ words[i + 5]);
      g = round(g ^ words[i + 6]);
      h = round(h ^ words[i + 7]);
    }
    return end(a) ^ end(b) ^ end(c) ^ end(d) ^ end(e) ^ end(f) ^ end(g) ^ end(h);
  }

  private static int end(int sum) {
    return round(round(sum));
  }

  private static int round(int sum) {
    return sum * PRIME ^ sum >>> 17;
  }
}
