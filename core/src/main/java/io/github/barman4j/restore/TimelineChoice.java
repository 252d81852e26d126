package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.wal.WalCoverage;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The line of history that a restore follows, and whether the archive can tell its ancestors. Pure.
 *
 * @param stored whether the archive has its history file; the first timeline needs none
 */
record TimelineChoice(TimelineHistory history, boolean stored) {

  /**
   * Decides.
   *
   * @param input has at least one backup
   * @throws BarmanException TIMELINE_UNKNOWN for a timeline that nothing is known of, RESTORE_REFUSED when the named backup is not
   *     on the path
   */
  static TimelineChoice of(PlanInput input) {
    NavigableMap<Timeline, TimelineChoice> known = known(input);
    TimelineChoice choice;
    if (input.timeline() instanceof TargetTimeline.Exactly exactly) {
      choice = known.get(exactly.timeline());
      if (choice == null) {
        throw new BarmanException(
            ErrorCode.TIMELINE_UNKNOWN,
            "timeline " + exactly.timeline() + " is not in the archive",
            "there are " + known.keySet()
                + "; name one of them or leave barman.targetTimeline out.");
      }
    } else if (input.timeline() instanceof TargetTimeline.Current) {
      choice = known.get(reference(input).endTimeline());
    } else {
      choice = latest(input, known);
    }
    Backup chosen = input.chosen();
    if (chosen != null && choice != null && !choice.contains(chosen)) {
      throw notOnPath(chosen, choice.history());
    }
    return Objects.requireNonNull(choice);
  }

  /** All that is known of, those that no backup belongs to included. */
  static List<TimelineChoice> all(PlanInput input) {
    return List.copyOf(known(input).values());
  }

  private static TimelineChoice latest(
      PlanInput input, NavigableMap<Timeline, TimelineChoice> known) {
    Backup chosen = input.chosen();
    List<Backup> backups = chosen == null ? input.backups() : List.of(chosen);
    return known.descendingMap().values().stream()
        .filter(choice -> backups.stream().anyMatch(choice::contains))
        .findFirst()
        .orElseGet(() -> root(reference(input).endTimeline()));
  }

  private static Backup reference(PlanInput input) {
    Backup chosen = input.chosen();
    return chosen != null ? chosen : input.backups().get(input.backups().size() - 1);
  }

  private static NavigableMap<Timeline, TimelineChoice> known(PlanInput input) {
    NavigableMap<Timeline, TimelineChoice> known = new TreeMap<>();
    input.wal().whole().ranges().stream()
        .map(WalCoverage.Range::first)
        .forEach(segment -> known.put(segment.timeline(), root(segment.timeline())));
    input
        .wal()
        .spooled()
        .forEach(partial ->
            known.put(partial.segment().timeline(), root(partial.segment().timeline())));
    input.backups().forEach(backup -> known.put(backup.endTimeline(), root(backup.endTimeline())));
    input.wal().histories().stream()
        .sorted(Comparator.comparing(TimelineHistory::timeline))
        .forEach(history -> known.put(history.timeline(), new TimelineChoice(history, true)));
    return known;
  }

  private static TimelineChoice root(Timeline timeline) {
    return new TimelineChoice(TimelineHistory.root(timeline), timeline.equals(Timeline.FIRST));
  }

  /** Whether all of a backup lies on the path. */
  boolean contains(Backup backup) {
    return containsUpTo(backup.beginTimeline(), backup.beginLsn())
        && containsUpTo(backup.endTimeline(), backup.endLsn());
  }

  private boolean containsUpTo(Timeline timeline, Lsn end) {
    return history.contains(timeline)
        && history.endOf(timeline).map(left -> end.compareTo(left) <= 0).orElse(true);
  }

  /** The setting recovery_target_timeline: a number needs the history file, "current" does not. */
  String setting() {
    return stored ? history.timeline().toString() : "current";
  }

  private static BarmanException notOnPath(Backup backup, TimelineHistory history) {
    String left = history
        .endOf(backup.endTimeline())
        .map(end -> ", which left timeline " + backup.endTimeline() + " at " + end)
        .orElse("");
    return new BarmanException(
        ErrorCode.RESTORE_REFUSED,
        "backup " + backup.id() + ", which ends at " + backup.endLsn() + " on timeline "
            + backup.endTimeline() + ", is not on the path to timeline " + history.timeline()
            + left,
        "leave barman.backup out, or restore it along barman.targetTimeline=" + backup.endTimeline()
            + ".");
  }
}
