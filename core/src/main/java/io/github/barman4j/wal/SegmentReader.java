package io.github.barman4j.wal;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalReader;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalStop.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records that end in one segment, the one that runs into it included where the segments before it are there.
 *
 * @param records the next record that it gives is the first that ends in the segment
 * @param headless whether a record runs into the segment and could not be had
 */
record SegmentReader(WalReader records, boolean headless) {
  /** A segment before another one. */
  interface Before {
    WalSegment segment();

    /** After the last record that ends in it; INVALID when none does. */
    Lsn end();

    InputStream open() throws IOException;
  }

  /** Finds the segment that the log has before another one. */
  @FunctionalInterface
  interface Neighbours {
    /** No segments before. */
    Neighbours NONE = segment -> Optional.empty();

    Optional<Before> before(WalSegment segment);
  }

  /**
   * @param content the segment from its first byte on; the caller closes it
   * @param runsInto whether the first page carries on a record from the segment before
   */
  static SegmentReader open(
      WalSegment segment, InputStream content, boolean runsInto, Neighbours neighbours)
      throws IOException {
    if (runsInto) {
      WalReader reader = unfinishedBefore(segment, neighbours);
      if (reader != null) {
        reader.continueWith(content, segment.timeline());
        return new SegmentReader(reader, false);
      }
    }
    return new SegmentReader(WalReader.open(content, segment), runsInto);
  }

  /** A reader that has come to the end of the segment before with a record in hand, or null. */
  private static @Nullable WalReader unfinishedBefore(WalSegment segment, Neighbours neighbours)
      throws IOException {
    // The segments, oldest first, from the one in which the record begins that runs into this one.
    Deque<Before> chain = new ArrayDeque<>();
    Optional<Before> before = neighbours.before(segment);
    while (before.isPresent() && before.get().end().isInvalid()) {
      chain.push(before.get());
      before = neighbours.before(before.get().segment());
    }
    boolean beginsInside =
        before.isPresent() && before.get().segment().contains(before.get().end());
    if (beginsInside) {
      chain.push(before.get());
    }
    WalReader reader = null;
    for (Before piece : chain) {
      try (InputStream content = piece.open()) {
        if (reader != null) {
          reader.continueWith(content, piece.segment().timeline());
        } else {
          reader = WalReader.open(content, piece.segment());
          reader = beginsInside ? reader.from(piece.end()) : reader;
        }
        if (!runsOut(reader, piece.segment())) {
          return null;
        }
      }
    }
    return reader != null && reader.stop().unfinished().isPresent() ? reader : null;
  }

  private static boolean runsOut(WalReader reader, WalSegment segment) throws IOException {
    WalRecord record = reader.next();
    while (record != null) {
      record = reader.next();
    }
    return reader.stop().reason() == Reason.END_OF_DATA && reader.dataEnd().equals(segment.end());
  }
}
