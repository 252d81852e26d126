package io.github.barman4j.drill;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.TableHashes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A server that was killed under load, its data directory gone, with what was known at that moment. A base backup was taken under load,
 * and a receiver ran.
 *
 * @param faultNanos of the kill
 * @param backup the last one
 * @param flushed what the receiver had acknowledged
 * @param hashes of all tables that do not change under the load
 */
record KilledPrimary(Stage stage, long faultNanos, Backup backup, Lsn flushed, TableHashes hashes) {
  private static final int COMMITS_AFTER_BACKUP = 1000;
  private static final int COMMITS_IN_PARTIAL_SEGMENT = 100;

  /** Fills a server, takes a backup, waits for enough commits, kills. */
  static KilledPrimary of(Stage stage, boolean synchronous, Duration holdBack) {
    return of(stage, synchronous, holdBack, new Fault.KillServer());
  }

  /** @param end how the server ends, before its data directory is deleted */
  static KilledPrimary of(Stage stage, boolean synchronous, Duration holdBack, Fault.OfServer end) {
    return of(
        stage,
        synchronous,
        () -> {
          if (!holdBack.isZero()) {
            new Fault.HoldBackReceiver(holdBack).inject(stage.primary());
          }
        },
        end);
  }

  /** @param before done when there were enough commits, before the server ends */
  static KilledPrimary of(Stage stage, boolean synchronous, Runnable before, Fault.OfServer end) {
    Primary primary = stage.primary();
    BackupHost host = stage.host();
    TableHashes hashes = primary.hashes();
    host.startReceiver();
    if (synchronous) {
      primary.requireSynchronous(host);
    } else {
      primary.requireStreaming(host);
    }
    primary.startLoad(stage.request());
    Backup backup = host.backup();
    stage.tell("backup " + backup.id() + " taken under load in " + seconds(backup.took()) + " s");
    // Half as many again as needed, and a segment that is not about to end.
    primary.awaitLoad("1500 commits after the backup", ledger -> {
      host.requireReceiver();
      return ledger.acknowledgedFrom(backup.endLsn()) >= COMMITS_AFTER_BACKUP * 3 / 2
          && hasManyInPartial(ledger, backup, host.flushed());
    });
    before.run();
    Lsn flushed = host.flushed();
    host.serverBroken();
    long fault = end.inject(primary).nanos();
    new Fault.DeleteDataDirectory().inject(primary);
    stage.tell(
        "stopped and deleted after " + primary.ledger().acknowledged() + " acknowledged commits");
    return new KilledPrimary(stage, fault, backup, flushed, hashes);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e9);
  }

  private static boolean hasManyInPartial(Ledger ledger, Backup backup, Lsn flushed) {
    int segmentBytes = backup.segmentSize().bytes();
    long offset = flushed.value() & (segmentBytes - 1);
    return offset < segmentBytes / 10L * 9
        && inPartial(ledger, backup, flushed) >= COMMITS_IN_PARTIAL_SEGMENT * 3 / 2;
  }

  /** Recovers and judges. */
  ScenarioResult recover(
      ScenarioInfo info,
      Optional<String> variant,
      Limits limits,
      long startNanos,
      Sabotage sabotage,
      ExtraChecks extra) {
    try (Recovery recovery = new Recovery(stage, "restored")) {
      recovery.afterLoss(startNanos, sabotage);
      stage.primary().stopLoad();
      stage.tell("recovered in " + seconds(recovery.rto().total()) + " s");
      sabotage.beforeValidation(recovery.server());
      long begin = System.nanoTime();
      Validation validation;
      try {
        validation = Validation.of(stage, recovery, new Horizon.Everything(), hashes);
      } catch (SQLException e) {
        throw Failures.unreadable(e);
      }
      recovery.apart("validate", Duration.ofNanos(System.nanoTime() - begin));
      List<Check> checks = new ArrayList<>(validation.checks());
      checks.addAll(extra.of(validation));
      RecoveryOutcome outcome = new RecoveryOutcome(
          validation.rpo(faultNanos),
          recovery.rto(),
          recovery.restored(validation.timeline()),
          checks,
          figures(),
          unmetConditions());
      return outcome.judged(info, variant, limits).withTraffic(stage.traffic(faultNanos));
    }
  }

  /** What a scenario looks at beside what all do. */
  interface ExtraChecks {
    List<Check> of(Validation validation);
  }

  /** A commit that ends before what the receiver had acknowledged must be there. */
  Check withinLag(LedgerDiff diff) {
    return withinLag(diff, flushed);
  }

  static Check withinLag(LedgerDiff diff, Lsn flushed) {
    long early = diff.lost().stream()
        .filter(entry -> !entry.after().isInvalid() && !entry.after().isAfter(flushed))
        .count();
    long lag = Math.max(0, diff.lastDemanded().minus(flushed));
    return new Check(
        "receiver-lag",
        early == 0,
        early + " lost commits lie before what the receiver had acknowledged, " + flushed
            + "; it lagged " + lag + " bytes");
  }

  private int afterBackup() {
    return stage.primary().ledger().acknowledgedFrom(backup.endLsn());
  }

  private int inPartial() {
    return inPartial(stage.primary().ledger(), backup, flushed);
  }

  /** How many acknowledged commits lie in the segment that the receiver has not completed. */
  private static int inPartial(Ledger ledger, Backup backup, Lsn flushed) {
    int segmentBytes = backup.segmentSize().bytes();
    Lsn start = new Lsn(flushed.value() & -(long) segmentBytes);
    return ledger.acknowledgedFrom(start) - ledger.acknowledgedFrom(start.plus(segmentBytes));
  }

  private List<Figure> figures() {
    long lag = Math.max(0, stage.primary().ledger().lastAcknowledged().minus(flushed));
    return List.of(
        new Figure("acknowledgedAfterBackup", afterBackup()),
        new Figure("acknowledgedInPartialSegment", inPartial()),
        new Figure("receiverLagBytes", lag));
  }

  private List<String> unmetConditions() {
    List<String> unmet = new ArrayList<>();
    if (afterBackup() < COMMITS_AFTER_BACKUP) {
      unmet.add("only " + afterBackup() + " commits were acknowledged after the backup's end, not "
          + COMMITS_AFTER_BACKUP);
    }
    if (inPartial() < COMMITS_IN_PARTIAL_SEGMENT) {
      unmet.add(
          "only " + inPartial() + " acknowledged commits lie in the segment that was partial, not "
              + COMMITS_IN_PARTIAL_SEGMENT);
    }
    return unmet;
  }
}
