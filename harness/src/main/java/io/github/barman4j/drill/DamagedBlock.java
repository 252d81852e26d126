package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestoreResult;
import io.github.barman4j.verify.VerifyReport;
import io.github.barman4j.verify.VerifyRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.util.List;

/**
 * S08: one bit of a block that only the newest backup has is wrong. A verification names backup, file and block; a restore takes the
 * backup before and more log, says so, and loses nothing: once when it meets the damage itself, once when it was known before.
 */
final class DamagedBlock implements Scenario {
  private static final int COMMITS = 200;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S08",
          "damaged-block",
          1,
          true,
          "a bit of the newest backup is wrong: verified by name, and the one before it brings everything back")
      .breaking("one bit of one block is flipped that only the newest of two backups has")
      .expecting("a verification names this backup and no other", "backups-named")
      .expecting("with file and blocks", "blocks-named")
      .expecting(
          "a restore takes the backup before, when it meets the damage and when the backup was "
              + "marked before",
          "older-backup")
      .expecting("and says so", "said-so")
      .expecting("nothing is lost")
      .measuring(Measures.NOTHING_LOST, Measures.FROM_PLAN);

  /** Makes a bit of a backup wrong. */
  interface Flip {
    Damage of(BackupId newest, BackupHost host);
  }

  private final Flip flip;

  DamagedBlock() {
    this((newest, host) -> new Fault.FlipBit(newest).inject(host));
  }

  /** @param flip of another kind, as an engine that is broken on purpose would see it */
  DamagedBlock(Flip flip) {
    this.flip = flip;
  }

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      Backup older = stage.backupUnderLoad(COMMITS);
      Backup newest = stage.anotherBackup(COMMITS);
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      try (Damage damage = flip.of(newest.id(), host)) {
        host.serverBroken();
        long since = System.nanoTime();
        VerifyReport report = host.recoveryEngine().verify(VerifyRequest.all());
        stage.tell("a bit of backup " + newest.id() + " is wrong");
        ScenarioResult found = rewind("found-by-restore", hashes, since)
            .run(
                stage,
                INFO,
                (recovery, validation) -> instead(recovery.result(), older.id(), newest.id()));
        host.engine().verify(VerifyRequest.of(newest.id().value()));
        ScenarioResult known = rewind("known-before", hashes, since)
            .run(
                stage,
                INFO,
                (recovery, validation) -> instead(recovery.result(), older.id(), newest.id()));
        return List.of(
            verified(report, List.of(newest.id())).judged(INFO, "verified"), found, known);
      }
    }
  }

  private static Rewind rewind(String variant, TableHashes hashes, long since) {
    return new Rewind(
        variant, new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, since);
  }

  /**
   * What the verification must have said.
   *
   * @param users the backups that use the damaged block
   */
  static Observation verified(VerifyReport report, List<BackupId> users) {
    List<String> expected = users.stream().map(BackupId::value).sorted().toList();
    List<String> named = report.findings().stream()
        .map(finding -> finding.backup())
        .distinct()
        .sorted()
        .toList();
    boolean precise = report.findings().stream()
        .allMatch(finding -> !finding.file().isEmpty() && !finding.blocks().isEmpty());
    return new Observation(
        List.of(
            new Check(
                "backups-named",
                named.equals(expected),
                "it names " + named + ", the block is used by " + expected),
            new Check(
                "blocks-named",
                precise && !report.findings().isEmpty(),
                report.findings().isEmpty()
                    ? "it found nothing"
                    : report.findings().size() + " findings, the first: "
                        + report.findings().get(0))),
        List.of(
            new Figure("findings", report.findings().size()),
            new Figure("verifyMillis", report.took().toMillis())),
        List.of());
  }

  /** The older backup, and that it was said which one is damaged. */
  static Observation instead(RestoreResult result, BackupId older, BackupId newest) {
    boolean said = result.fallbacks().stream()
        .anyMatch(text -> text.contains(newest.value()) && text.contains("damaged"));
    return new Observation(
        List.of(
            new Check(
                "older-backup",
                result.backup().equals(older),
                "restored from " + result.backup() + ", " + older + " is the undamaged one"),
            new Check(
                "said-so",
                said,
                result.fallbacks().isEmpty()
                    ? "it said nothing of the damage"
                    : String.join("; ", result.fallbacks()))),
        List.of(),
        List.of());
  }
}
