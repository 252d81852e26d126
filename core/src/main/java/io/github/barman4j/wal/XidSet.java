package io.github.barman4j.wal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of transaction ids, kept as runs of neighbours: the transactions that end in one segment are nearly consecutive.
 *
 * <p>Ids are the 32 bits that WAL records hold (transam.h, TransactionId, 15–18). Where a longer one is asked for, as
 * {@code pg_current_xact_id} gives it, its epoch is ignored, as the server ignores it in {@code recovery_target_xid}. Immutable.
 *
 * <p>Binary form: the number of runs, then for each run the distance from the end of the run before it and its length less one,
 * all as variable-length integers ({@link VarInt}).
 */
public final class XidSet {
  public static final XidSet EMPTY = new XidSet(new int[0], new int[0]);

  // The first and the last id of each run, both included, in ascending unsigned order.
  private final int[] firsts;
  private final int[] lasts;

  private XidSet(int[] firsts, int[] lasts) {
    this.firsts = firsts;
    this.lasts = lasts;
  }

  /** The set of these ids; only the lower 32 bits of each count. */
  public static XidSet of(long... xids) {
    Builder builder = new Builder();
    for (long xid : xids) {
      builder.add(xid);
    }
    return builder.build();
  }

  /** Whether an id is in the set; only its lower 32 bits count. */
  public boolean contains(long xid) {
    int wanted = (int) xid;
    int low = 0;
    int high = firsts.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(wanted, firsts[middle]) < 0) {
        high = middle - 1;
      } else if (Integer.compareUnsigned(wanted, lasts[middle]) > 0) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  public boolean isEmpty() {
    return firsts.length == 0;
  }

  /** How many ids are in the set. */
  public long count() {
    long count = 0;
    for (int i = 0; i < firsts.length; i++) {
      count += lasts[i] - firsts[i] + 1L;
    }
    return count;
  }

  void write(VarInt.Writer out) {
    out.write(firsts.length);
    long next = 0;
    for (int i = 0; i < firsts.length; i++) {
      long first = Integer.toUnsignedLong(firsts[i]);
      long last = Integer.toUnsignedLong(lasts[i]);
      out.write(first - next);
      out.write(last - first);
      next = last + 1;
    }
  }

  static XidSet read(ByteBuffer in) {
    int runs = VarInt.readCount(in, 2);
    int[] firsts = new int[runs];
    int[] lasts = new int[runs];
    long next = 0;
    for (int i = 0; i < runs; i++) {
      long first = next + VarInt.read(in);
      long last = first + VarInt.read(in);
      if (first < next || last < first || last > 0xFFFFFFFFL) {
        throw new IllegalArgumentException("run " + i + " of transaction ids is out of range");
      }
      firsts[i] = (int) first;
      lasts[i] = (int) last;
      next = last + 1;
    }
    return new XidSet(firsts, lasts);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof XidSet set
        && Arrays.equals(firsts, set.firsts)
        && Arrays.equals(lasts, set.lasts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(firsts) + Arrays.hashCode(lasts);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < firsts.length; i++) {
      text.append(i == 0 ? "" : ",").append(Integer.toUnsignedString(firsts[i]));
      if (firsts[i] != lasts[i]) {
        text.append('-').append(Integer.toUnsignedString(lasts[i]));
      }
    }
    return text.append('}').toString();
  }

  /**
   * Collects ids in any order: a bitmap of 8 KiB for each 65 536 ids that the segment touches, so that a segment of 1 GiB with
   * millions of transactions needs a few of them. Not thread-safe.
   */
  static final class Builder {
    private static final int CHUNK_BITS = 16;
    private final Map<Integer, BitSet> chunks = new TreeMap<>();

    void add(long xid) {
      int id = (int) xid;
      chunks
          .computeIfAbsent(id >>> CHUNK_BITS, chunk -> new BitSet())
          .set(id & ((1 << CHUNK_BITS) - 1));
    }

    XidSet build() {
      int[] firsts = new int[16];
      int[] lasts = new int[16];
      int runs = 0;
      for (Map.Entry<Integer, BitSet> chunk : chunks.entrySet()) {
        int base = chunk.getKey() << CHUNK_BITS;
        BitSet bits = chunk.getValue();
        for (int from = bits.nextSetBit(0); from >= 0; ) {
          int end = bits.nextClearBit(from);
          if (runs > 0 && lasts[runs - 1] + 1 == base + from && base + from != 0) {
            lasts[runs - 1] = base + end - 1;
          } else {
            if (runs == firsts.length) {
              firsts = Arrays.copyOf(firsts, 2 * runs);
              lasts = Arrays.copyOf(lasts, 2 * runs);
            }
            firsts[runs] = base + from;
            lasts[runs] = base + end - 1;
            runs++;
          }
          from = bits.nextSetBit(end);
        }
      }
      return new XidSet(Arrays.copyOf(firsts, runs), Arrays.copyOf(lasts, runs));
    }
  }
}
