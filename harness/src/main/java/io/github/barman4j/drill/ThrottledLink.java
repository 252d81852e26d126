package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.backup.BackupReport;
import io.github.barman4j.drill.ScenarioDetail.Need;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Disk;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Link;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Phase;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * S14: a backup over a link that carries little, and a restore whose reads from the repository come over such a one. Both succeed, take about
 * as long as their bytes need, and their phases say that it was the transfer.
 */
final class ThrottledLink implements Scenario {
  /** How long the bytes of each take over a link of the rate that is chosen for that. */
  static final Duration TRANSFER = Duration.ofSeconds(4);

  /** The most that it may take, by which many times as long. */
  private static final int MOST = 3;

  private static final int COMMITS = 100;
  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S14",
          "throttled-link",
          2,
          true,
          "a slow link to the server, and then to the repository: backup and restore succeed, and their phases name the transfer")
      .breaking(
          "the link to the server carries a quarter of the database a second during a backup; then "
              + "the repository is read at a quarter a second of what a restore reads")
      .expecting(
          "both succeed, in no more than the usual time and three times the 4 s that the bytes need",
          "scales")
      .expecting("their phases give half of it or more to the transfer", "phases-name-transfer")
      .expecting("a restore loses nothing")
      .measuring(
          Measures.NOTHING_LOST,
          "from the finished plan to the first durable write, without and with the slow repository")
      .needing(Need.TOXIPROXY);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  /** How long something took without and with the slow link, and how long the bytes were on their way then. */
  record Times(Duration usual, Duration throttled, Duration transfer) {}

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    return DrillNetwork.with(request, INFO, sink, network -> run(request, sink, network));
  }

  private static List<ScenarioResult> run(
      DrillRequest request, EventSink sink, DrillNetwork network) {
    try (Stage stage = Stage.openOnDisk(request, sink, Primary.Settings.NONE)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      Disk disk = stage.disk();
      TableHashes hashes = primary.hashes();
      host.startReceiver();
      primary.requireStreaming(host);
      Link link = network.link(stage);
      host.moveTo(DrillNetwork.through(link, primary, ""));
      long since = System.nanoTime();
      List<ScenarioResult> results = new ArrayList<>();
      results.add(observed(backups(stage, link)).judged(INFO, "backup"));
      primary.startLoad(request);
      stage.anotherBackup(COMMITS);
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      long before = disk.readBytes();
      ScenarioResult control = rewind("control", hashes, since)
          .run(stage, INFO, (recovery, validation) -> Observation.NOTHING);
      results.add(control);
      Duration usual = control.rto().map(Rto::total).orElse(Duration.ZERO);
      disk.limitReading((disk.readBytes() - before) / TRANSFER.toSeconds());
      results.add(rewind("restore", hashes, since)
          .run(
              stage,
              INFO,
              (recovery, validation) -> observed(new Times(
                  usual,
                  recovery.rto().total(),
                  recovery.rto().phases().stream()
                      .filter(phase -> phase.name().equals("restore"))
                      .map(Phase::took)
                      .findFirst()
                      .orElse(Duration.ZERO)))));
      return results;
    }
  }

  private static Rewind rewind(String variant, TableHashes hashes, long since) {
    return new Rewind(
        variant, new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, since);
  }

  private static Times backups(Stage stage, Link link) {
    BackupReport usual = stage.host().engine().backup(BackupRequest.defaults());
    long bytes = usual.backup().sizes().databaseBytes();
    try (Damage damage = new Fault.LimitRate(bytes / TRANSFER.toSeconds()).inject(link)) {
      BackupReport throttled = stage.host().engine().backup(BackupRequest.defaults());
      stage.tell(
          "a backup of " + bytes + " bytes took " + throttled.backup().took().toMillis()
              + " ms instead of " + usual.backup().took().toMillis() + " ms");
      return new Times(
          usual.backup().took(),
          throttled.backup().took(),
          throttled.phases().stream()
              .filter(phase -> phase.name().equals("copy"))
              .map(BackupReport.Phase::took)
              .findFirst()
              .orElse(Duration.ZERO));
    }
  }

  /** What must have come of it. */
  static Observation observed(Times times) {
    Duration most = times.usual().plus(TRANSFER.multipliedBy(MOST));
    long percent = percent(times.transfer(), times.throttled());
    return new Observation(
        List.of(
            new Check(
                "scales",
                times.throttled().compareTo(most) <= 0,
                "it took " + times.throttled().toMillis() + " ms, at most " + most.toMillis()
                    + " are allowed"),
            new Check(
                "phases-name-transfer",
                percent >= 50,
                "the phases give " + percent + " % of it to the transfer")),
        List.of(
            new Figure("usualMillis", times.usual().toMillis()),
            new Figure("throttledMillis", times.throttled().toMillis()),
            new Figure("percentOfUsual", percent(times.throttled(), times.usual()))),
        times.throttled().compareTo(TRANSFER.multipliedBy(7).dividedBy(10)) >= 0
            ? List.of()
            : List.of("it took only " + times.throttled().toMillis()
                + " ms, so the link was not as slow as it was to be"));
  }

  private static long percent(Duration part, Duration whole) {
    return Math.round(100.0 * part.toNanos() / Math.max(1, whole.toNanos()));
  }
}
