package io.github.barman4j.retention;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which archived segments a recovery from any of some backups could replay, to any point of any timeline. In doubt a segment is needed.
 *
 * @param histories by their timelines, as the archive has them
 */
record NeededWal(List<Backup> backups, Map<Timeline, TimelineHistory> histories) {

  static NeededWal by(List<Backup> backups, List<TimelineHistory> histories) {
    return new NeededWal(
        backups,
        histories.stream()
            .collect(Collectors.toMap(TimelineHistory::timeline, Function.identity())));
  }

  boolean needs(WalSegment segment) {
    return backups.stream().anyMatch(backup -> needs(backup, segment));
  }

  private boolean needs(Backup backup, WalSegment segment) {
    if (!segment.size().equals(backup.segmentSize())) {
      return true;
    }
    return segment.number() >= backup.firstSegment().number()
        && leadsTo(backup.beginTimeline(), backup.beginLsn(), segment.timeline());
  }

  /** Whether a recovery that starts on a timeline at a position can reach another timeline. */
  private boolean leadsTo(Timeline from, Lsn begin, Timeline to) {
    if (from.equals(to)) {
      return true;
    }
    TimelineHistory history = histories.get(to);
    if (history == null) {
      // The first timeline has no ancestors; of any other without a history nothing is known.
      return !to.equals(Timeline.FIRST);
    }
    return history.endOf(from).map(begin::isBefore).orElse(false);
  }
}
