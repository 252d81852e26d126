package io.github.barman4j.drill;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.WalPiece;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.TableHashes;
import java.util.List;
import java.util.Optional;

/** What a failover must leave. Pure. */
final class FailoverChecks {
  private FailoverChecks() {}

  /** Only what the old primary acknowledged after the fork may be lost. */
  static Check tail(LedgerDiff diff, TimelineHistory history) {
    Lsn fork = history.endOf(Timeline.FIRST).orElse(Lsn.INVALID);
    long early = diff.lost().stream()
        .filter(entry -> !entry.after().isInvalid() && !entry.after().isAfter(fork))
        .count();
    return new Check(
        "tail",
        early == 0,
        diff.lost().size() + " commits are lost, " + early + " of them before the fork at " + fork);
  }

  /**
   * All but the loss: what the repository has of the switch, and what a recovery across it brings back.
   *
   * @param history as the new primary has it
   * @param first the backup from before the switch
   * @param restored all tables of the recovery
   */
  static List<Check> across(
      RestorePlan plan,
      TimelineHistory history,
      Backup first,
      Aftermath after,
      TableHashes restored) {
    return List.of(
        history(plan.history(), history),
        timelines(plan.wal(), history),
        backup(after.backup(), first),
        equal(after.tables(), restored));
  }

  /** The repository knows the switch as the new primary does. */
  static Check history(TimelineHistory restored, TimelineHistory history) {
    return new Check(
        "history",
        restored.equals(history),
        "restored along " + restored.spans() + ", the new primary has " + history.spans());
  }

  /** No log of a timeline beyond the point at which it was left. */
  static Check timelines(List<WalPiece> wal, TimelineHistory history) {
    List<String> wrong = wal.stream()
        .filter(piece -> !belongs(piece, history))
        .map(piece -> piece.segment().name())
        .toList();
    return new Check(
        "timelines",
        wrong.isEmpty(),
        wrong.isEmpty()
            ? wal.size() + " segments, each of the right timeline"
            : "of a timeline that was left: " + String.join(", ", wrong));
  }

  /** In the segment of the fork the old timeline's bytes may stand only when they are cut off there. */
  private static boolean belongs(WalPiece piece, TimelineHistory history) {
    Timeline timeline = piece.segment().timeline();
    Optional<Lsn> end = history.endOf(timeline);
    return history.contains(timeline)
        && (end.isEmpty()
            || !piece.segment().end().isAfter(end.get())
            || piece.cut().filter(cut -> !cut.isAfter(end.get())).isPresent());
  }

  /** The bytes that were lost, on the old timeline: positions of two timelines do not compare. */
  static Rpo onOldTimeline(Rpo rpo, LedgerDiff diff, TimelineHistory history) {
    Lsn fork = history.endOf(Timeline.FIRST).orElse(Lsn.INVALID);
    Lsn last = diff.lost().stream()
        .map(entry -> Lsn.max(entry.before(), entry.after()))
        .reduce(fork, Lsn::max);
    return new Rpo(
        rpo.acknowledged(),
        rpo.lostTransactions(),
        rpo.time(),
        last.minus(fork),
        rpo.phantoms(),
        rpo.nonPrefixLoss(),
        rpo.unknown(),
        rpo.unknownRecovered(),
        rpo.overshoot(),
        rpo.lastSurvivingAge());
  }

  /** The next backup is of the new timeline and stores what has changed since the one before the switch. */
  static Check backup(Backup later, Backup first) {
    boolean incremental = later.parent().filter(first.id()::equals).isPresent()
        && later.sizes().newBytes() < later.sizes().databaseBytes();
    return new Check(
        "next-backup",
        incremental && later.endTimeline().id() == 2,
        "backup " + later.id() + " on timeline " + later.endTimeline() + " stores "
            + later.sizes().newBytes() + " of " + later.sizes().databaseBytes()
            + " bytes beside backup " + later.parent().map(Object::toString).orElse("none"));
  }

  /** Every table, that of the load too. */
  static Check equal(TableHashes newPrimary, TableHashes restored) {
    List<String> differences =
        restored.without(Primary.PROBE).differencesFrom(newPrimary.without(Primary.PROBE));
    return new Check(
        "new-primary",
        differences.isEmpty(),
        differences.isEmpty()
            ? newPrimary.tables().size() + " tables are as on the new primary"
            : String.join("; ", differences));
  }
}
