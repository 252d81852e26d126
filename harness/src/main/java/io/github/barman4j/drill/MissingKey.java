package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.Secret;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.TableHashes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * S29: the repository is encrypted, and whoever restores has no passphrase, or a wrong one. Both are refused before the data directory
 * that shall be restored over is touched. With the right one everything comes back.
 */
final class MissingKey implements Scenario {
  /** A key is derived from a passphrase slowly, on purpose. */
  static final Duration SOON = Duration.ofSeconds(15);

  private static final int COMMITS = 200;
  private static final Secret RIGHT = Secret.of("correct horse battery staple");

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S29",
          "missing-key",
          1,
          true,
          "an encrypted repository without its passphrase, or with a wrong one: refused before anything is touched")
      .breaking("an encrypted repository is restored over an older copy of the cluster, without a "
          + "passphrase and then with a wrong one")
      .expecting(
          "without one it is refused within 15 s, with a code of its own", "without-passphrase")
      .expecting("with a wrong one as well", "wrong-passphrase")
      .expecting("the refusal does not repeat the passphrase", "secret-kept")
      .expecting("no file of the copy has changed", "untouched")
      .expecting("with the right passphrase nothing is lost")
      .measuring(Measures.NOTHING_LOST, Measures.OF_THE_REFUSAL_AND_PLAN);

  /** What came of both attempts. */
  record Attempts(Refusal without, Refusal withWrong, List<String> changed) {}

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.openEncrypted(request, sink, RIGHT)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      Backup backup = stage.backupUnderLoad(COMMITS);
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      long since = System.nanoTime();
      Attempts attempts = attempts(stage);
      Ledger ledger = primary.ledger();
      Observation more = new Observation(
          List.of(),
          List.of(new Figure("acknowledgedAfterBackup", ledger.acknowledgedFrom(backup.endLsn()))),
          List.of());
      return List.of(
          refused(attempts).judged(INFO, "refused"),
          new Rewind(
                  "right-key", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, since)
              .run(stage, INFO, (recovery, validation) -> more));
    }
  }

  /** Over an older copy of the cluster, as after a disaster. */
  private static Attempts attempts(Stage stage) {
    Path directory = stage.path("older-copy");
    RestoreRequest.Builder request =
        RestoreRequest.to(directory).owner(stage.primary().cluster().fileOwner());
    stage.host().recoveryEngine().restore(request.build());
    RestoreRequest over = request.delta(true).build();
    TreeFingerprint before = fingerprint(directory);
    Refusal without = refusal(stage, new Fault.LoseKey(), over);
    Refusal withWrong = refusal(stage, new Fault.MistakeKey(), over);
    return new Attempts(without, withWrong, fingerprint(directory).changesSince(before));
  }

  private static Refusal refusal(Stage stage, Fault.OfHost fault, RestoreRequest over) {
    BackupHost host = stage.host();
    try (Damage damage = fault.inject(host)) {
      return Refusal.of(() -> host.recoveryEngine().restore(over));
    }
  }

  private static TreeFingerprint fingerprint(Path directory) {
    try {
      return TreeFingerprint.of(directory);
    } catch (IOException e) {
      throw Failures.unreadable(directory, e);
    }
  }

  /** What must have been said, and what not. */
  static Observation refused(Attempts attempts) {
    List<String> changed = attempts.changed();
    boolean secret = !words(attempts.withWrong()).contains(BackupHost.WRONG_KEY.reveal());
    return new Observation(
        List.of(
            attempts
                .without()
                .check(
                    "without-passphrase",
                    ErrorCode.ENCRYPTION_KEY_MISSING,
                    SOON,
                    List.of("barman.encryptionPassphrase")),
            attempts
                .withWrong()
                .check(
                    "wrong-passphrase",
                    ErrorCode.ENCRYPTION_KEY_WRONG,
                    SOON,
                    List.of("passphrase")),
            new Check(
                "secret-kept",
                secret,
                "the refusal " + (secret ? "does not repeat" : "repeats") + " the passphrase"),
            new Check(
                "untouched",
                changed.isEmpty(),
                changed.isEmpty()
                    ? "the data directory is as it was"
                    : "changed: " + String.join(", ", changed))),
        List.of(
            attempts.without().figure("withoutMillis"), attempts.withWrong().figure("wrongMillis")),
        List.of());
  }

  private static String words(Refusal refusal) {
    return Optional.ofNullable(refusal.said()).map(String::valueOf).orElse("");
  }
}
