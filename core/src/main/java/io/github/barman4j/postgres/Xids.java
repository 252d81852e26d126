package io.github.barman4j.postgres;

import java.util.Arrays;
import java.util.stream.LongStream;

/** An immutable list of transaction ids, each unsigned 32 bits, kept small because a transaction can have millions. */
public final class Xids {
  /** No ids. */
  public static final Xids NONE = new Xids(new int[0]);

  private final int[] ids;

  private Xids(int[] ids) {
    this.ids = ids;
  }

  /** The ids in this order; only the lower 32 bits of each count. */
  public static Xids of(long... ids) {
    return ids.length == 0
        ? NONE
        : new Xids(Arrays.stream(ids).mapToInt(id -> (int) id).toArray());
  }

  /** Reads {@code count} ids of four bytes each; the caller has checked that they are there. */
  static Xids read(byte[] bytes, int offset, int count) {
    if (count == 0) {
      return NONE;
    }
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = Bytes.int32(bytes, offset + 4 * i);
    }
    return new Xids(ids);
  }

  public int size() {
    return ids.length;
  }

  public boolean isEmpty() {
    return ids.length == 0;
  }

  /** The id at a place from 0 to {@code size() - 1}. */
  public long get(int index) {
    return Integer.toUnsignedLong(ids[index]);
  }

  public LongStream stream() {
    return Arrays.stream(ids).mapToLong(Integer::toUnsignedLong);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Xids xids && Arrays.equals(ids, xids.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return Arrays.toString(stream().toArray());
  }
}
