package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.drill.ScenarioDetail.Need;
import io.github.barman4j.fault.BackupAnswer;
import io.github.barman4j.fault.BackupTap;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Link;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * S12: the connection of a base backup ends after exactly N bytes of the server's answer, five times with another N, from the first byte to
 * the last before the manifest. Each backup fails, leaves nothing and is not listed, and the next one is good.
 */
final class CutBackup implements Scenario {
  private static final int COMMITS = 100;
  private static final String OPTIONS = "sslmode=disable";

  /** Two backups of a server at rest are equal then, but for what their labels say. */
  private static final Primary.Settings SETTINGS = builder -> builder.setting("autovacuum", "off");

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S12",
          "cut-backup",
          1,
          true,
          "the connection of a base backup is cut after N bytes, for five N: it fails and leaves nothing, the next one is good")
      .breaking(
          "the connection of a base backup is closed after exactly N bytes of the server's answer, "
              + "for five N: the first byte, in the header of the first file, in the middle, in the last "
              + "block, just before the manifest")
      .expecting(
          "each backup fails within 15 s and says that the connection was lost", "backup-fails")
      .expecting("it is not listed", "not-listed")
      .expecting("it leaves no file in the repository", "nothing-stored")
      .expecting("it leaves no session, base backup or temporary slot on the server", "server-free")
      .expecting("the next backup works at once", "next-backup")
      .expecting("a restore loses nothing")
      .measuring(
          Measures.NOTHING_LOST,
          "how long the backup took to fail and the next one to be made, as figures"
              + Measures.AND_A_RECOVERY)
      .needing(Need.TOXIPROXY);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  /** Where the answer to {@code BASE_BACKUP} is cut, in its bytes. */
  enum Cut {
    FIRST_BYTE {
      @Override
      long bytes(Layout layout) {
        return 1;
      }
    },
    /** In the header of the archive's first file. */
    HEADER {
      @Override
      long bytes(Layout layout) {
        return layout.firstData() + MESSAGE_BYTES + 100;
      }
    },
    MIDDLE {
      @Override
      long bytes(Layout layout) {
        return (layout.firstData() + layout.manifest()) / 2;
      }
    },
    /** In the middle of pg_control, which has one block and comes last; the archive's end and a report on progress follow. */
    LAST_BLOCK {
      @Override
      long bytes(Layout layout) {
        return layout.manifest() - PROGRESS_BYTES - ARCHIVE_END_BYTES - 4096;
      }
    },
    BEFORE_MANIFEST {
      @Override
      long bytes(Layout layout) {
        return layout.manifest();
      }
    };

    private static final int MESSAGE_BYTES = 6;
    private static final int PROGRESS_BYTES = 14;
    private static final int ARCHIVE_END_BYTES = 1024;

    abstract long bytes(Layout layout);

    String variant() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Of a whole answer: how many bytes come before the first data, and before the manifest. */
  record Layout(long firstData, long manifest) {
    static Layout of(BackupAnswer answer) {
      return new Layout(answer.firstData().orElseThrow(), answer.manifest().orElseThrow());
    }
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    return DrillNetwork.with(request, INFO, sink, network -> run(request, sink, network));
  }

  private static List<ScenarioResult> run(
      DrillRequest request, EventSink sink, DrillNetwork network) {
    try (Stage stage = Stage.open(request, sink, SETTINGS)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      host.startReceiver();
      primary.requireStreaming(host);
      Link link = network.link(stage);
      List<ScenarioResult> results = new ArrayList<>();
      long since = System.nanoTime();
      try (BackupTap tap = BackupTap.to(link.host(), link.port())) {
        host.moveTo(DrillNetwork.at("127.0.0.1", tap.port(), primary, OPTIONS));
        host.backup();
        Layout layout = Layout.of(tap.answer());
        for (Cut cut : Cut.values()) {
          long bytes = cut.bytes(layout);
          AtomicLong came = new AtomicLong();
          FailedBackup failed = FailedBackup.of(stage, () -> {
            Refusal refusal = cut(host, link, tap, bytes);
            came.set(tap.answer().bytes());
            return refusal;
          });
          stage.tell("cut after " + came.get() + " bytes, " + cut.variant());
          results.add(observed(failed, bytes, came.get()).judged(INFO, cut.variant()));
        }
      }
      host.moveTo(DrillNetwork.through(link, primary, OPTIONS));
      primary.startLoad(request);
      stage.anotherBackup(COMMITS);
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      Rewind rewind = new Rewind(
          "next-backup", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, since);
      results.add(rewind.run(stage, INFO, (recovery, validation) -> Observation.NOTHING));
      return results;
    }
  }

  private static Refusal cut(BackupHost host, Link link, BackupTap tap, long bytes) {
    AtomicReference<Damage> damage = new AtomicReference<>(() -> {});
    tap.beforeCommand(() -> damage.set(new Fault.CutAfter(bytes).inject(link)));
    try {
      return Refusal.of(host::backup);
    } finally {
      tap.beforeCommand(() -> {});
      damage.get().close();
    }
  }

  /**
   * What must have come of it.
   *
   * @param wanted after how many bytes the connection was to end
   * @param came how many came
   */
  static Observation observed(FailedBackup failed, long wanted, long came) {
    return new Observation(
        failed.checks(ErrorCode.CONNECTION_LOST, PromotedInBackup.SOON, List.of("lost")),
        List.of(
            new Figure("cutAfterBytes", came),
            failed.refusal().figure("failedMillis"),
            new Figure("retryMillis", failed.next().took().toMillis())),
        came == wanted
            ? List.of()
            : List.of(
                "the connection was to end after " + wanted + " bytes and ended after " + came));
  }
}
