package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.health.CheckItem;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * S26: while nobody receives, the slot is dropped and then, another time, invalidated, and the log that it kept is gone. The receiver says so at
 * once, the gap is recorded, what lies behind it is refused with the backup before it, and a new backup ends the trouble.
 */
final class LostSlot implements Scenario {
  private static final int COMMITS = 100;
  private static final Pattern GAP =
      Pattern.compile("from ([0-9A-F]+/[0-9A-F]+) to ([0-9A-F]+/[0-9A-F]+)");
  private static final Primary.Settings SETTINGS = builder -> {
    Primary.Settings.SMALL_SEGMENTS.addTo(builder);
    builder.setting("min_wal_size", "2MB").setting("max_wal_size", "8MB");
  };

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S26",
          "lost-slot",
          1,
          true,
          "the slot dropped, and invalidated by its size: said at once, the gap recorded and refused, a new backup bridges it")
      .breaking("while nobody receives, the slot is dropped and the log that it kept removed by "
          + "checkpoints; another time the server invalidates it (max_slot_wal_keep_size)")
      .expecting("the receiver says so within 5 s, names the slot and advises a backup", "said")
      .expecting("the health check fails for the gap", "gap-recorded")
      .expecting(
          "a plan for a moment behind the gap with the backup from before it is refused within 5 s",
          "refusal-behind")
      .expecting("after a new backup the health check has nothing against it", "bridged")
      .expecting("a restore then loses nothing")
      .measuring(
          "acknowledged commits that are missing after the new backup, none may be; the bytes of "
              + "the gap are told",
          "from the receiver's start until it says so, as a figure" + Measures.AND_A_RECOVERY);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  /** What the receiver said, problem and hint, and how long that took. */
  record Alert(String text, Duration after) {}

  /**
   * All that was seen of one loss.
   *
   * @param notBridged the health before a new backup was taken
   * @param behind of a restore to a moment behind the gap with the backup before it
   * @param bridged the health after the new backup
   */
  record Loss(Alert alert, CheckReport notBridged, Refusal behind, CheckReport bridged) {}

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink, SETTINGS)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      Backup first = stage.backupUnderLoad(COMMITS);
      Loss dropped = lose(stage, first, new Fault.DropSlot(BackupHost.SLOT), LostSlot::goOn);
      Backup second = host.recoveryEngine().backup("latest");
      long fault = System.nanoTime();
      Loss exceeded =
          lose(stage, second, new Fault.ExceedSlotLimit(BackupHost.SLOT), LostSlot::refuseFirst);
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      Rewind rewind = new Rewind(
          "new-backup", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, fault);
      return List.of(
          observed(dropped).judged(INFO, "dropped"),
          observed(exceeded).judged(INFO, "exceeded"),
          rewind.run(stage, INFO, (recovery, validation) -> Observation.NOTHING));
    }
  }

  /** How a receiver comes back. */
  private interface Restart {
    Alert of(Stage stage);
  }

  private static Loss lose(Stage stage, Backup before, Fault.OfServer fault, Restart restart) {
    Primary primary = stage.primary();
    BackupHost host = stage.host();
    host.stopReceiver();
    host.forgetWarnings();
    fault.inject(primary);
    Alert alert = restart.of(stage);
    stage.tell("the receiver said after " + alert.after().toMillis() + " ms: " + alert.text());
    primary.requireStreaming(host);
    primary.switchSegment();
    Lsn to = primary.position();
    stage.awaitCommits(COMMITS, "the gap", to);
    primary.awaitReceived(host);
    CheckReport notBridged = host.check();
    Refusal behind = Refusal.of(() -> host.recoveryEngine()
        .planRestore(RestoreRequest.to(stage.path("refused"))
            .backup(before.id().value())
            .target(new RecoveryTarget.AtLsn(to, true))
            .build()));
    stage.anotherBackup(COMMITS);
    return new Loss(alert, notBridged, behind, host.check());
  }

  /** A new slot is made, with a warning. */
  private static Alert goOn(Stage stage) {
    long begin = System.nanoTime();
    stage.host().startReceiver();
    Optional<Alert> alert = stage
        .host()
        .awaitWarning(MissingSegment.AT_ONCE, List.of("was not received"))
        .map(warning -> new Alert(
            warning.text() + " HINT: " + warning.hint(),
            Duration.ofNanos(System.nanoTime() - begin)));
    return alert.orElse(new Alert("", Duration.ofNanos(System.nanoTime() - begin)));
  }

  /** The receiver ends with an error; the slot is dropped as its hint says, and a new one is made. */
  private static Alert refuseFirst(Stage stage) {
    Refusal refusal = Refusal.of(() -> stage.host().receiveToItsEnd(MissingSegment.AT_ONCE));
    String text = refusal
                .check("", ErrorCode.SLOT_LOST, MissingSegment.AT_ONCE, List.of())
                .passed()
            && refusal.said() != null
        ? refusal.said().getMessage()
        : "";
    stage.primary().text("SELECT pg_drop_replication_slot('" + BackupHost.SLOT + "')");
    stage.host().startReceiver();
    return new Alert(String.valueOf(text), refusal.took());
  }

  /** What must have been said and done. */
  static Observation observed(Loss loss) {
    Alert alert = loss.alert();
    boolean loud = alert.text().contains(BackupHost.SLOT)
        && alert.text().contains("backup")
        && alert.after().compareTo(MissingSegment.AT_ONCE) < 0;
    return new Observation(
        List.of(
            new Check(
                "said",
                loud,
                alert.text().isEmpty()
                    ? "nothing was said"
                    : "after " + alert.after().toMillis() + " ms: " + alert.text()),
            gaps("gap-recorded", loss.notBridged(), true),
            loss.behind()
                .check("refusal-behind", ErrorCode.WAL_GAP, MissingSegment.AT_ONCE, List.of()),
            gaps("bridged", loss.bridged(), false)),
        List.of(
            new Figure("alertMillis", alert.after().toMillis()),
            new Figure("gapBytes", recordedBytes(loss.notBridged()))),
        List.of());
  }

  /** How long the gap is that the health check names. */
  private static long recordedBytes(CheckReport health) {
    return health.failed().stream()
        .map(item -> GAP.matcher(item.found()))
        .filter(Matcher::find)
        .mapToLong(gap -> Lsn.parse(gap.group(2)).minus(Lsn.parse(gap.group(1))))
        .findFirst()
        .orElse(0);
  }

  private static Check gaps(String name, CheckReport health, boolean mustFail) {
    Optional<String> failed = health.failed().stream()
        .filter(item -> item.name().equals("gaps"))
        .map(CheckItem::found)
        .findFirst();
    return new Check(
        name,
        failed.isPresent() == mustFail,
        failed
            .map(text -> "the health check fails: " + text)
            .orElse("the health check has nothing against it"));
  }
}
