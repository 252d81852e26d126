package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.health.CheckItem;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.verify.Finding;
import io.github.barman4j.verify.VerifyRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * S09: a segment in the middle of the archive is gone. It is reported; what lies behind it is refused at once, with the last position
 * that can be reached; and a recovery to that position loses nothing before it.
 */
final class MissingSegment implements Scenario {
  static final Duration AT_ONCE = Duration.ofSeconds(5);

  private static final int COMMITS = 100;
  private static final int SEGMENTS = 5;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S09",
          "missing-segment",
          1,
          true,
          "a segment in the middle of the archive is lost: refused beyond it at once, recovered up to it")
      .breaking(
          "a segment in the middle of the archive is deleted, with others that are needed before "
              + "and behind it")
      .expecting("a recovery behind it is refused within 5 s, naming the segment", "refusal")
      .expecting("the refusal names a position before the gap", "nearest-point")
      .expecting("the health check tells the gap", "gap-reported")
      .expecting("so does a verification", "verified")
      .expecting("nothing is written to the target directory", "nothing-written")
      .expecting(
          "a recovery to the named position loses nothing from before it, and nothing from behind "
              + "the gap is there")
      .measuring(
          "acknowledged commits from before the named position that are missing; the bytes behind "
              + "the gap are told",
          Measures.OF_THE_REFUSAL_AND_PLAN);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink, Primary.Settings.SMALL_SEGMENTS)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      Backup backup = stage.backupUnderLoad(COMMITS);
      for (int i = 0; i < SEGMENTS; i++) {
        primary.switchSegment();
        stage.awaitCommits(COMMITS, "a new segment began", primary.position());
      }
      Lsn beyond = primary.position();
      stage.awaitCommits(COMMITS, "the target", beyond);
      primary.stopLoad();
      primary.awaitReceived(host);
      Lsn end = host.flushed();
      host.stopReceiver();
      WalSegment lost = middle(host.archivedSegments(backup.segmentSize()), backup);
      try (Damage damage = new Fault.LoseSegment(lost).inject(host)) {
        stage.tell("segment " + lost.name() + " is lost");
        host.serverBroken();
        Path directory = stage.path("refused");
        Engine engine = host.recoveryEngine();
        long since = System.nanoTime();
        Refusal refusal = Refusal.of(() -> engine.restore(RestoreRequest.to(directory)
            .target(new RecoveryTarget.AtLsn(beyond, true))
            .build()));
        List<ScenarioResult> results = new ArrayList<>();
        results.add(observed(refusal, lost, end, host.check(), findings(host), directory)
            .judged(INFO, "beyond-the-gap"));
        refusal
            .namedPosition()
            .map(reachable -> rewind(reachable, lost, hashes, since)
                .run(
                    stage,
                    INFO,
                    (recovery, validation) ->
                        conditions(primary.ledger(), backup, reachable, lost)))
            .ifPresent(results::add);
        return results;
      }
    }
  }

  /** What the refusal and the health check must have said. */
  static Observation observed(
      Refusal refusal,
      WalSegment lost,
      Lsn end,
      CheckReport health,
      List<String> findings,
      Path directory) {
    return new Observation(
        List.of(
            refusal.check("refusal", ErrorCode.WAL_GAP, AT_ONCE, List.of(lost.name())),
            nearest(refusal.namedPosition(), lost),
            reported(health, lost),
            verified(findings, List.of(lost.name())),
            untouched(directory)),
        List.of(
            refusal.figure("refusalMillis"),
            new Figure("bytesBehindGap", Math.max(0, end.minus(lost.end())))),
        List.of());
  }

  /** That a position is named, and that it lies before the gap. */
  static Check nearest(Optional<Lsn> named, WalSegment lost) {
    return new Check(
        "nearest-point",
        named.filter(at -> !at.isAfter(lost.start())).isPresent(),
        named.map(at -> "it names " + at).orElse("it names no position") + ", the gap begins at "
            + lost.start());
  }

  static Check untouched(Path directory) {
    boolean there = Files.exists(directory);
    return new Check(
        "nothing-written", !there, directory + (there ? " was made" : " was not made"));
  }

  /** That somebody who asks how the archive is hears of the gap. */
  static Check reported(CheckReport health, WalSegment lost) {
    Optional<String> found = health.failed().stream()
        .map(CheckItem::found)
        .filter(text -> text.contains(lost.name()))
        .findFirst();
    return new Check(
        "gap-reported", found.isPresent(), found.orElse("no item names " + lost.name()));
  }

  /** What a verification finds, a line each. */
  static List<String> findings(BackupHost host) {
    return host.recoveryEngine().verify(VerifyRequest.all()).findings().stream()
        .map(Finding::toString)
        .toList();
  }

  /** That a finding names all of these. */
  static Check verified(List<String> findings, List<String> words) {
    Optional<String> found = findings.stream()
        .filter(finding -> words.stream().allMatch(finding::contains))
        .findFirst();
    return new Check(
        "verified", found.isPresent(), found.orElse("no finding names " + words + ": " + findings));
  }

  private static Rewind rewind(Lsn reachable, WalSegment lost, TableHashes hashes, long since) {
    return new Rewind(
        "before-the-gap",
        new RecoveryTarget.AtLsn(reachable, true),
        new Horizon.Position(reachable, lost.start()),
        hashes,
        since);
  }

  private static Observation conditions(
      Ledger ledger, Backup backup, Lsn reachable, WalSegment lost) {
    int before = ledger.acknowledgedFrom(backup.endLsn()) - ledger.acknowledgedFrom(reachable);
    int behind = ledger.acknowledgedFrom(lost.end());
    List<String> unmet = new ArrayList<>();
    if (before <= 0) {
      unmet.add("no commit was acknowledged between the backup and the gap");
    }
    if (behind <= 0) {
      unmet.add("no commit was acknowledged behind the gap, so nothing could overshoot");
    }
    return new Observation(
        List.of(),
        List.of(
            new Figure("acknowledgedBeforeGap", before),
            new Figure("acknowledgedBehindGap", behind)),
        unmet);
  }

  /** One that the backup does not need, with others before and behind it. */
  static WalSegment middle(List<WalSegment> archived, Backup backup) {
    List<WalSegment> later = archived.stream()
        .filter(segment -> segment.number() > backup.lastSegment().number())
        .toList();
    return later.get(later.size() / 2);
  }
}
