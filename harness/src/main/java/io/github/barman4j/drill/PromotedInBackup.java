package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * S22: a standby is backed up and promoted in the middle. That backup has two timelines in it: it must fail, soon and saying why, and
 * leave nothing. A backup before it, of the standby, and one after it, of the new primary, are good.
 */
final class PromotedInBackup implements Scenario {
  static final Duration SOON = Duration.ofSeconds(15);

  private static final int COMMITS = 100;

  /** What only a backup writes. The log that came meanwhile may stay, it is good. */
  static final Pattern OF_A_BACKUP =
      Pattern.compile("[^/]+/(backups|manifests|packs|unfinished)/.*[^/]");

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S22",
          "promoted-in-backup",
          2,
          true,
          "a standby is promoted while it is backed up: the backup fails and leaves nothing, the next one is good")
      .breaking("a standby is promoted while it sends the files of its backup")
      .expecting("the backup fails within 15 s of the promotion and says why", "backup-fails")
      .expecting("it is not listed", "not-listed")
      .expecting("it leaves no file in the repository", "nothing-stored")
      .expecting("the next one is of the new primary, and is what a restore takes", "next-backup")
      .expecting("a restore loses nothing")
      .measuring(
          Measures.NOTHING_LOST,
          "from the promotion until the backup has failed, as a figure" + Measures.AND_A_RECOVERY);

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
      Backup first = host.backup();
      try (Follower follower = Follower.of(stage)) {
        // On a standby nobody ends the segment that the backup needs.
        Engine engine = host.engineOf(
            follower.connection(), event -> after(event, "sync", primary::switchSegment));
        primary.startLoad(request);
        Backup ofStandby = engine.backup(BackupRequest.defaults()).backup();
        stage.awaitCommits(COMMITS, "the standby's backup", ofStandby.endLsn());
        primary.stopLoad();
        follower.awaitReplayed(primary);

        TreeFingerprint before = host.fingerprint();
        AtomicLong promoted = new AtomicLong();
        // When the server has begun to send files and cannot have sent them all: who reads waits.
        Engine promoting = host.engineOf(
            follower.connection(),
            event -> after(event, "checkpoint", () -> promoted.set(promote(follower))));
        Refusal refusal = Refusal.of(() -> promoting.backup(BackupRequest.defaults()));
        Refusal sincePromotion =
            new Refusal(refusal.said(), Duration.ofNanos(System.nanoTime() - promoted.get()));
        Observation observed = observed(
            sincePromotion,
            host.fingerprint().changesSince(before),
            List.of(first.id(), ofStandby.id()),
            engine.backups().stream().map(Backup::id).toList(),
            promoted.get() != 0);
        stage.tell("promoted in the middle of a backup, which failed");

        Backup next = host.engineOf(follower.connection(), EventSink.NONE)
            .backup(BackupRequest.defaults())
            .backup();
        Rewind rewind = new Rewind(
            "next-backup",
            new RecoveryTarget.Latest(),
            new Horizon.Everything(),
            hashes,
            promoted.get());
        return List.of(
            observed.judged(INFO, "promoted"),
            rewind.run(
                stage,
                INFO,
                (recovery, validation) -> new Observation(
                    List.of(ofNewPrimary(
                        next.endTimeline(),
                        next.id(),
                        recovery.restored(validation.timeline()).backupId())),
                    List.of(),
                    List.of())));
      }
    }
  }

  private static long promote(Follower follower) {
    return new Fault.PromoteStandby().inject(follower).nanos();
  }

  /** Does something in the thread of the backup when one of its phases has ended. */
  private static void after(Event event, String phase, Runnable action) {
    if (event instanceof Event.Step step && step.phase().equals(phase)) {
      action.run();
    }
  }

  /**
   * What the failed backup must have been like.
   *
   * @param changes of the repository's files while it was tried
   * @param promoted whether the standby was promoted in the middle at all
   */
  static Observation observed(
      Refusal refusal,
      List<String> changes,
      List<BackupId> expected,
      List<BackupId> listed,
      boolean promoted) {
    List<String> left =
        changes.stream().filter(name -> OF_A_BACKUP.matcher(name).matches()).toList();
    List<String> unmet = new ArrayList<>();
    if (!promoted) {
      unmet.add("the backup was over before the standby could be promoted");
    }
    return new Observation(
        List.of(
            fails(refusal),
            new Check(
                "not-listed",
                listed.equals(expected),
                listed.size() + " backups are listed, " + expected.size() + " are good"),
            new Check(
                "nothing-stored",
                left.isEmpty(),
                left.isEmpty()
                    ? "the failed backup left no file"
                    : "it left " + String.join(", ", left))),
        List.of(refusal.figure("failedMillis")),
        unmet);
  }

  /** By what is seen first: the new timeline in the log, or the server's own words. */
  private static Check fails(Refusal refusal) {
    String name = "backup-fails";
    Check byLog = refusal.check(name, ErrorCode.BACKUP_FAILED, SOON, List.of("timeline 2"));
    return byLog.passed()
        ? byLog
        : refusal.check(name, ErrorCode.SERVER_ERROR, SOON, List.of("promoted"));
  }

  /** The new primary's backup serves, not one from before the promotion. */
  static Check ofNewPrimary(Timeline timeline, BackupId next, String restored) {
    return new Check(
        "next-backup",
        timeline.id() == 2 && next.value().equals(restored),
        "backup " + next + " on timeline " + timeline + ", restored from " + restored);
  }
}
