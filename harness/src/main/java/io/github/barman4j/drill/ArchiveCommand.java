package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.ClusterBuilder;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * S03: there is no receiver; the server's {@code archive_command} puts whole segments into a directory of the backup host, at least every
 * {@code archive_timeout}. After SIGKILL and the loss of the data directory no more is lost than that time and the archiver's delay.
 */
final class ArchiveCommand implements Scenario {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** The server counts whole seconds (checkpointer.c, CheckArchiveTimeout, 15–18). */
  private static final Duration RESOLUTION = Duration.ofSeconds(1);

  private static final int COMMITS = 200;
  private static final int SEGMENTS = 2;
  private static final int UNARCHIVED_COMMITS = 20;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S03",
          "archive-command",
          1,
          false,
          "SIGKILL without a receiver, archive_timeout 1 s: the loss is within that and the archiver's delay")
      .breaking("SIGKILL and the data directory deleted while nobody receives; the documented "
          + "archive_command with archive_timeout = 1 s has archived two segments or more, and 20 "
          + "acknowledged commits or more are in none")
      .expecting("nothing is lost that lies in an archived segment", "archived")
      .expecting(
          "the age of what is lost is at most 1 s (archive_timeout), 1 s (the server counts whole "
              + "seconds) and the longest time that the archiver took for a segment")
      .expecting("something is lost, or the run is inconclusive")
      .measuring(
          "the age of the oldest lost commit at the kill, against that bound", Measures.FROM_FAULT);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink, ArchiveCommand::archive)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      Path incoming = stage.newFolder("incoming");
      primary.archiveTo(incoming);
      try (ArchiveLoop loop = ArchiveLoop.start(host, incoming)) {
        primary.startLoad(request);
        Backup backup = stage.anotherBackup(COMMITS);
        ArchiverDelay delay = ArchiverDelay.of(primary, backup.segmentSize());
        awaitArchived(primary, loop, delay);
        Duration later =
            Duration.ofMillis(new SplittableRandom(request.seed()).nextLong(TIMEOUT.toMillis()));
        awaitLater(primary, delay, System.nanoTime() + later.toNanos());
        host.serverBroken();
        long fault = new Fault.KillServer().inject(primary).nanos();
        new Fault.DeleteDataDirectory().inject(primary);
        stage.tell("killed and deleted; the archiver took " + delay.longest().toMillis()
            + " ms for a segment at most");
        Rewind rewind = new Rewind(
            "latest", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, fault);
        Duration bound = TIMEOUT.plus(RESOLUTION).plus(delay.longest());
        return List.of(rewind.afterLoss(
            stage,
            INFO,
            request
                .limits()
                .of(INFO)
                .or(new Limits(OptionalLong.empty(), Optional.of(bound), Optional.empty())),
            new Sabotage() {
              @Override
              public void beforePlan() {
                loop.finish();
              }
            },
            (recovery, validation) -> observed(
                validation.diff(), host.archivedSegments(backup.segmentSize()), delay.longest())));
      }
    }
  }

  private static void archive(ClusterBuilder<?> builder) {
    builder
        .setting("archive_mode", "on")
        .setting("archive_timeout", Long.toString(TIMEOUT.toSeconds()));
  }

  private static void awaitArchived(Primary primary, ArchiveLoop loop, ArchiverDelay delay) {
    primary.awaitLoad(SEGMENTS + " archived segments", ledger -> {
      loop.requireAlive();
      delay.look();
      return delay.count() >= SEGMENTS;
    });
  }

  /** At a moment when there is something to lose. */
  private static void awaitLater(Primary primary, ArchiverDelay delay, long nanos) {
    primary.awaitLoad("the moment of the kill", ledger -> {
      delay.look();
      return System.nanoTime() - nanos >= 0
          && ledger.acknowledgedFrom(delay.current().start()) >= UNARCHIVED_COMMITS;
    });
  }

  /** All that was archived must be there, and something must have been lost. */
  static Observation observed(LedgerDiff diff, List<WalSegment> archived, Duration delay) {
    Lsn end =
        archived.isEmpty() ? Lsn.INVALID : archived.get(archived.size() - 1).end();
    long early = diff.lost().stream()
        .filter(entry -> !entry.after().isInvalid() && !entry.after().isAfter(end))
        .count();
    return new Observation(
        List.of(new Check(
            "archived",
            early == 0,
            early + " lost commits lie in what was archived, which ends at " + end)),
        List.of(new Figure("archiverDelayMillis", delay.toMillis())),
        diff.lost().isEmpty()
            ? List.of("nothing was lost, so there was nothing to bound")
            : List.of());
  }
}
