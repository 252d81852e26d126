package io.github.barman4j.restore;

import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.DamagedEntry;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which moments can be reached. Immutable.
 *
 * @param unreadable backups that nothing can be restored from, since their catalog entries are damaged
 * @param lines one for each timeline that is known and has a backup on its path, in order of their numbers
 */
public record Recoverability(List<DamagedEntry> unreadable, List<Line> lines) {

  /**
   * What a restore can reach that follows one timeline.
   *
   * @param timeline the value of barman.targetTimeline
   * @param history the ancestors, oldest first, each with the position where the path leaves it
   * @param windows in order of position; between two of them lies a gap
   * @param unusable backups on the path that nothing can be restored from, and why
   */
  public record Line(
      Timeline timeline, List<Fork> history, List<Window> windows, List<Unusable> unusable) {
    public Line {
      history = List.copyOf(history);
      windows = List.copyOf(windows);
      unusable = List.copyOf(unusable);
    }
  }

  /** Where the path leaves an ancestor. */
  public record Fork(Timeline timeline, Lsn end) {}

  /** A backup that serves nothing, with the reason in words. */
  public record Unusable(BackupId backup, String reason) {}

  /**
   * A stretch of the log without a gap.
   *
   * @param from the end of its first backup: the first position that can be reached
   * @param to where the last record begins: the last position that can be a target; absent when only the end of a backup can
   * @param end where the last record ends: a restore without a target comes so far, unless a gap follows
   * @param fromTime when the first backup ended
   * @param lastCommit when the last transaction ended, committed or not: a time that is a target lies before it; absent when none did
   * @param backups that serve in it, oldest first
   * @param restorePoints in it, in order
   * @param gapAt the first segment that is missing behind it, though later ones are there; null when the log simply ends
   * @param partialTail whether the end lies in a segment of which only the beginning was received
   * @param clockSteps where the server's clock went back
   */
  public record Window(
      Lsn from,
      Optional<Lsn> to,
      Lsn end,
      Instant fromTime,
      Optional<Instant> lastCommit,
      List<BackupId> backups,
      List<Point> restorePoints,
      @Nullable String gapAt,
      boolean partialTail,
      List<ClockStep> clockSteps) {
    public Window {
      backups = List.copyOf(backups);
      restorePoints = List.copyOf(restorePoints);
      clockSteps = List.copyOf(clockSteps);
    }

    /** The first segment that is missing behind it, though later ones are there. */
    public Optional<String> gap() {
      return Optional.ofNullable(gapAt);
    }

    /** Whether a position can be a target. */
    public boolean reaches(Lsn target) {
      return !target.isBefore(from)
          && to.filter(last -> target.compareTo(last) <= 0).isPresent();
    }

    /** Whether a time can be a target, inclusive; only where the clock did not go back. */
    public boolean reaches(Instant target) {
      return !target.isBefore(fromTime) && lastCommit.filter(target::isBefore).isPresent();
    }
  }

  /** A restore point; names can come twice. */
  public record Point(String name, Lsn lsn, Instant time) {}

  /**
   * A segment whose transactions ended, by their times, before those of an earlier one.
   *
   * @param at where the segment begins
   * @param before the latest time until there
   * @param after the earliest time in it
   */
  public record ClockStep(Lsn at, Instant before, Instant after) {}

  public Recoverability {
    unreadable = List.copyOf(unreadable);
    lines = List.copyOf(lines);
  }

  static Recoverability of(PlanInput input) {
    return new Recoverability(
        input.unreadable(),
        TimelineChoice.all(input).stream()
            .map(choice -> new RecoverableLine(input, choice))
            .filter(RecoverableLine::hasBackup)
            .map(RecoverableLine::describe)
            .toList());
  }
}
