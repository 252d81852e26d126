package io.github.barman4j.workload;

import java.util.Comparator;

/**
 * One row of the load.
 *
 * @param seq counts up from 1 for each writer, without reuse: a failed insert leaves a hole
 */
public record RowKey(int writer, long seq) implements Comparable<RowKey> {
  private static final Comparator<RowKey> ORDER =
      Comparator.comparingInt(RowKey::writer).thenComparingLong(RowKey::seq);

  @Override
  public int compareTo(RowKey other) {
    return ORDER.compare(this, other);
  }

  /** For instance {@code 2/17}. */
  @Override
  public String toString() {
    return writer + "/" + seq;
  }
}
