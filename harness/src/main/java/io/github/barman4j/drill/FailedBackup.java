package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.report.Check;
import java.time.Duration;
import java.util.List;

/**
 * A backup that the network has broken, and what it left.
 *
 * @param changes of the repository's files while it was tried
 * @param onServer what is left there: sessions, base backups, temporary slots
 * @param next the one after it, from which another is taken at once
 */
record FailedBackup(
    Refusal refusal,
    List<String> changes,
    List<BackupId> before,
    List<BackupId> listed,
    List<String> onServer,
    Next next) {
  private static final Duration GOODBYE = Duration.ofSeconds(10);
  private static final Duration INTERVAL = Duration.ofMillis(20);

  /**
   * The backup that was taken afterwards.
   *
   * @param listed all backups then, oldest first
   */
  record Next(BackupId id, Duration took, List<BackupId> listed) {
    Next {
      listed = List.copyOf(listed);
    }

    Check check(List<BackupId> before) {
      boolean newest =
          !before.contains(id) && listed.contains(id) && listed.indexOf(id) == listed.size() - 1;
      return new Check(
          "next-backup",
          newest,
          "the next one, " + id + ", was taken in " + took.toMillis() + " ms"
              + (newest ? "" : " and is not the newest that is listed: " + listed));
    }
  }

  FailedBackup {
    changes = List.copyOf(changes);
    before = List.copyOf(before);
    listed = List.copyOf(listed);
    onServer = List.copyOf(onServer);
  }

  /** Something that breaks the network while a backup is taken, and gives what the engine said of it. */
  interface Attempt {
    Refusal run();
  }

  /** Tries a backup that must fail, and takes another when the network is whole again. */
  static FailedBackup of(Stage stage, Attempt attempt) {
    BackupHost host = stage.host();
    List<BackupId> before = host.backups();
    TreeFingerprint files = host.fingerprint();
    Refusal refusal = attempt.run();
    List<String> changes = host.fingerprint().changesSince(files);
    List<BackupId> listed = host.backups();
    List<String> onServer = leftOnServer(stage.primary());
    long begin = System.nanoTime();
    BackupId next = host.backup().id();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    return new FailedBackup(
        refusal, changes, before, listed, onServer, new Next(next, took, host.backups()));
  }

  private static List<String> leftOnServer(Primary primary) {
    String sql = "SELECT 'session ' || application_name FROM pg_stat_activity"
        + " WHERE application_name LIKE 'barman_backup%'"
        + " UNION ALL SELECT 'base backup, ' || phase FROM pg_stat_progress_basebackup"
        + " UNION ALL SELECT 'slot ' || slot_name FROM pg_replication_slots WHERE temporary";
    Poll.until(
        INTERVAL, GOODBYE, () -> primary.cluster().query(Primary.DATABASE, sql).isEmpty());
    return primary.cluster().query(Primary.DATABASE, sql);
  }

  /** @param words that the engine's own must hold */
  List<Check> checks(ErrorCode code, Duration atMost, List<String> words) {
    List<String> left = changes.stream()
        .filter(name -> PromotedInBackup.OF_A_BACKUP.matcher(name).matches())
        .toList();
    return List.of(
        refusal.check("backup-fails", code, atMost, words),
        new Check(
            "not-listed",
            listed.equals(before),
            listed.size() + " backups are listed, " + before.size() + " are good"),
        new Check(
            "nothing-stored",
            left.isEmpty(),
            left.isEmpty()
                ? "the failed backup left no file"
                : "it left " + String.join(", ", left)),
        new Check(
            "server-free",
            onServer.isEmpty(),
            onServer.isEmpty()
                ? "the server has left its backup mode"
                : "the server still has " + String.join(", ", onServer)),
        next.check(before));
  }
}
