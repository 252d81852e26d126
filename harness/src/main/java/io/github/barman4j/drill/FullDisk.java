package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * S18: the backup host's disk is full, (a) while a backup is taken: it fails and leaves nothing, and the next one works; (b) while a
 * synchronous receiver works: commits wait, go on when there is room again, and wait once more; then disk and primary die, and nothing
 * that was acknowledged is missing from what had been forced.
 */
final class FullDisk implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  static final Duration STALLED = Duration.ofSeconds(1);
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final long ROOM_FOR_A_BEGINNING = 1 << 20;
  private static final int COMMITS = 200;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S18",
          "full-disk",
          1,
          true,
          "no space on the backup host, during a backup and while receiving: nothing half is listed, nothing is acknowledged that is not on the disk")
      .breaking(
          "no space is left on the backup host's disk, 1 MiB into a base backup; then twice under "
              + "synchronous load; at the second time the host loses its power and the server is killed "
              + "and deleted")
      .expecting("the backup fails with the system's words", "refused")
      .expecting("it is not listed", "catalog")
      .expecting("it leaves no pack, and the next backup works", "leftovers")
      .expecting(
          "on the full disk no commit is acknowledged, and they go on with room again",
          "commits-wait")
      .expecting("no acknowledged commit is lost")
      .measuring(
          Measures.NOTHING_LOST,
          "from room again until the next acknowledged commit, as a figure"
              + Measures.AND_A_RECOVERY);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.openOnDisk(request, sink, Primary.Settings.SMALL_SEGMENTS)) {
      return List.of(backup(stage).judged(INFO, "backup"), receive(stage));
    }
  }

  private static Observation backup(Stage stage) {
    BackupHost host = stage.host();
    Refusal refusal;
    int listed;
    try (Damage full = new Fault.FillDisk(ROOM_FOR_A_BEGINNING).inject(host)) {
      refusal = Refusal.of(host::backup);
      listed = host.recoveryEngine().backups().size();
    }
    Backup next = host.backup();
    stage.tell("a backup failed on the full disk, the next one, " + next.id() + ", did not");
    return refused(refusal, listed, host.storedPacks(), next.packs().keySet());
  }

  /**
   * What the backup on the full disk must have left.
   *
   * @param listed how many backups there were after it
   * @param stored the packs that there are after the next one
   * @param needed those of the next one
   */
  static Observation refused(Refusal refusal, int listed, Set<String> stored, Set<String> needed) {
    boolean clean = stored.equals(needed);
    return new Observation(
        List.of(
            refusal.check("refused", code(refusal), PATIENCE, List.of("No space left on device")),
            new Check("catalog", listed == 0, listed + " backups were listed after the failure"),
            new Check(
                "leftovers",
                clean,
                clean
                    ? "the next backup left no pack but its own"
                    : "the packs are " + stored + ", the next backup's own are " + needed)),
        List.of(refusal.figure("refusedAfterMillis")),
        List.of());
  }

  /** The repository's or, when the log came first, the spool's. */
  private static ErrorCode code(Refusal refusal) {
    BarmanException said = refusal.said();
    return said != null && said.code() == ErrorCode.IO ? ErrorCode.IO : ErrorCode.REPOSITORY_IO;
  }

  private static ScenarioResult receive(Stage stage) {
    Primary primary = stage.primary();
    BackupHost host = stage.host();
    TableHashes hashes = primary.hashes();
    host.startReceiver();
    primary.requireSynchronous(host);
    primary.startLoad(stage.request());
    stage.awaitCommits(COMMITS, "the beginning", primary.position());
    // Full is full on purpose: it is no news that the engine says so.
    host.serverBroken();
    Damage full = fill(stage);
    int waiting = primary.ledger().acknowledged();
    long begin = System.nanoTime();
    full.close();
    primary.awaitLoad("a commit with room again", ledger -> ledger.acknowledged() > waiting);
    Duration resumed = Duration.ofNanos(System.nanoTime() - begin);
    stage.awaitCommits(COMMITS, "there was room again", primary.position());
    fill(stage);
    stage.disk().losePower();
    long fault = new Fault.KillServer().inject(primary).nanos();
    new Fault.DeleteDataDirectory().inject(primary);
    primary.stopLoad();
    stage.moveHost(image(stage));
    Observation seen = new Observation(
        List.of(new Check(
            "commits-wait",
            true,
            "none was acknowledged for " + STALLED.toSeconds() + " s on the full disk, twice")),
        List.of(new Figure("resumedAfterMillis", resumed.toMillis())),
        List.of());
    return new Rewind(
            "receive", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, fault)
        .run(stage, INFO, (recovery, validation) -> seen);
  }

  /** Leaves no room, again and again, since archiving gives some back, until no commit is acknowledged any more. */
  private static Damage fill(Stage stage) {
    Primary primary = stage.primary();
    Stall stall = new Stall();
    AtomicReference<Damage> full = new AtomicReference<>();
    boolean stalled = Poll.until(INTERVAL, PATIENCE, () -> {
      full.set(new Fault.FillDisk(0).inject(stage.host()));
      primary.switchSegment();
      return stall.lasts(primary.ledger().acknowledged(), System.nanoTime());
    });
    if (!stalled) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "commits were acknowledged for " + PATIENCE.toMinutes() + " min on a full disk",
          "does the receiver write to the drill's disk?");
    }
    stage.tell("the disk is full and commits wait, after " + primary.ledger().acknowledged());
    return full.get();
  }

  /** Notices when a number has not changed for some time. */
  static final class Stall {
    private int last = -1;
    private long sinceNanos;

    boolean lasts(int number, long nowNanos) {
      if (number != last) {
        last = number;
        sinceNanos = nowNanos;
      }
      return nowNanos - sinceNanos >= STALLED.toNanos();
    }
  }

  private static Path image(Stage stage) {
    Path left = stage.path("left");
    try {
      stage.disk().image(left);
      return left;
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "what the disk has kept could not be written down",
          "see the cause",
          e);
    }
  }
}
