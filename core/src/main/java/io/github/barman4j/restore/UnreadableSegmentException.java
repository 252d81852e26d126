package io.github.barman4j.restore;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.postgres.WalSegment;

/** A segment whose index a plan asked for is damaged: the plan is made again as if the segment were missing. */
final class UnreadableSegmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient WalSegment segment;

  UnreadableSegmentException(WalSegment segment, IntegrityException damage) {
    super(damage.problem(), damage);
    this.segment = segment;
  }

  WalSegment segment() {
    return segment;
  }
}
