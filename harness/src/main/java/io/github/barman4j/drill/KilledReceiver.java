package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.util.List;

/**
 * S11: the receiver's process is killed in the middle of a segment and started again while the load goes on. It resumes by itself, and what
 * a recovery would be given is byte for byte the server's own log, without a hole.
 */
final class KilledReceiver implements Scenario {
  private static final int COMMITS = 100;
  private static final int SEGMENTS_WHILE_DOWN = 2;
  static final Primary.Settings SETTINGS = builder -> {
    Primary.Settings.SMALL_SEGMENTS.addTo(builder);
    // The server keeps what it is compared with.
    builder.setting("wal_keep_size", "1GB");
  };

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S11",
          "killed-receiver",
          1,
          true,
          "SIGKILL for the receiver in the middle of a segment: it resumes without a hole, byte for byte")
      .breaking(
          "SIGKILL for the receiver's process in the middle of a segment; two segments later it is "
              + "started again, the load going on")
      .expecting("what it has received is the server's own log, byte for byte", "same-bytes")
      .expecting("without a hole", "no-hole")
      .expecting("nothing came twice with other content", "no-duplicate")
      .expecting("nothing is lost")
      .measuring(
          Measures.NOTHING_LOST,
          "from the receiver's start until it has all that the server had written by then, as a "
              + "figure" + Measures.AND_A_RECOVERY);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  /**
   * How the receiver was killed and came back.
   *
   * @param killedAt what it had acknowledged
   * @param partial whether a segment lay in its spool of which it had only the beginning, the one with {@code killedAt}
   * @param backlogBytes that the server had written when it was started again
   * @param resumed from the start of its process until it had these
   */
  record Return(Lsn killedAt, boolean partial, long backlogBytes, Duration resumed) {}

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink, SETTINGS)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      ReceiverSlot slot = new ReceiverSlot(primary, host);
      host.startReceiverProcess();
      primary.requireStreaming(host);
      primary.startLoad(request);
      Backup backup = stage.anotherBackup(COMMITS);
      primary.switchSegment();
      stage.awaitCommits(COMMITS, "a new segment began", primary.position());
      long fault = System.nanoTime();
      Return returned = killAndStart(stage, slot, backup);
      stage.tell("the receiver was killed at " + returned.killedAt() + " and had caught up after "
          + returned.resumed().toMillis() + " ms");
      primary.stopLoad();
      primary.switchSegment();
      slot.awaitNoLag();
      Lsn end = slot.position();
      host.stopReceiver();
      ReceivedLog log = ReceivedLog.restored(stage, backup);
      Observation seen = observed(
          returned,
          log.differences(primary.cluster().dataDirectory().resolve("pg_wal"), end),
          log.holes(backup.firstSegment()),
          host.check());
      Rewind rewind = new Rewind(
          "resumed", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, fault);
      return List.of(rewind.run(stage, INFO, (recovery, validation) -> seen));
    }
  }

  private static Return killAndStart(Stage stage, ReceiverSlot slot, Backup backup) {
    Primary primary = stage.primary();
    BackupHost host = stage.host();
    slot.awaitMiddleOfSegment(backup.segmentSize());
    Lsn killedAt;
    boolean partial;
    Lsn written;
    long begin;
    try (Damage damage = new Fault.KillReceiver().inject(host)) {
      List<WalSegment> spooled = host.partialSegments(backup.segmentSize()).stream()
          .map(found -> found.segment())
          .toList();
      killedAt = slot.position();
      partial = spooled.contains(
          WalSegment.containing(backup.endTimeline(), killedAt.plus(-1), backup.segmentSize()));
      for (int i = 0; i < SEGMENTS_WHILE_DOWN; i++) {
        primary.switchSegment();
        stage.awaitCommits(COMMITS, "the receiver was killed", primary.position());
      }
      written = primary.position();
      begin = System.nanoTime();
    }
    slot.await(written);
    return new Return(
        killedAt, partial, written.minus(killedAt), Duration.ofNanos(System.nanoTime() - begin));
  }

  /** What must be so after the return. */
  static Observation observed(
      Return returned, List<String> differences, List<String> holes, CheckReport health) {
    return new Observation(
        ReceivedLog.checks(differences, holes, health),
        List.of(
            new Figure("backlogBytes", returned.backlogBytes()),
            new Figure("resumeMillis", returned.resumed().toMillis())),
        returned.partial() && returned.backlogBytes() > 0
            ? List.of()
            : List.of("the receiver was not killed in the middle of a segment, but at "
                + returned.killedAt()));
  }
}
