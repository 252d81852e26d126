package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.drill.ScenarioDetail.Need;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.RowKey;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * S25: the server's clock is an hour ahead of the backup host's, and an hour behind it. A table is dropped; a target by time means the
 * server's clock, and one by position is the same as ever.
 */
final class SkewedClock implements Scenario {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TOLERANCE = Duration.ofMinutes(1);
  private static final int COMMITS = 200;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S25",
          "skewed-clock",
          2,
          true,
          "the server's clock an hour ahead and an hour behind: a target by time means the server's clock, one by LSN does not care")
      .breaking("the server's clock is an hour ahead of this machine's, then an hour behind "
          + "(libfaketime); DROP TABLE under load")
      .expecting("the clock is as wrong as it has to be, and the report tells by how much", "skew")
      .expecting(
          "recoveries to the server's time and to the position just before it have the table again",
          "tables")
      .expecting("nothing from before the target is lost, nothing from after it is there")
      .measuring(Measures.ON_TARGET, Measures.FROM_PLAN)
      .needing(Need.CONTAINERS, Need.FAKETIME);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    Optional<String> reason = request.servers().whyClocksStay();
    if (reason.isPresent()) {
      return List.of(
          ScenarioResult.without(INFO.id(), INFO.name(), Verdict.SKIPPED, List.of(reason.get())));
    }
    List<ScenarioResult> results = new ArrayList<>(run(request, sink, "ahead", HOUR));
    results.addAll(run(request, sink, "behind", HOUR.negated()));
    return results;
  }

  private static List<ScenarioResult> run(
      DrillRequest request, EventSink sink, String name, Duration skew) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      new Fault.SkewClock(skew).inject(primary);
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      Backup backup = stage.backupUnderLoad(COMMITS);
      Instant before = Instant.now();
      Mistake mistake =
          Mistake.make(primary, "before the mistake", new Fault.DropTable(Primary.VICTIM));
      Duration measured = Duration.between(before, mistake.time());
      stage.tell("the server's clock is " + measured.toSeconds() + " s ahead of this machine's");
      stage.awaitCommits(COMMITS, "the mistake", mistake.transaction().after());
      primary.stopLoad();
      Map<RowKey, Instant> commitTimes = primary.query(LoadTable::commitTimes);
      primary.awaitReceived(host);
      host.stopReceiver();
      Ledger ledger = primary.ledger();
      int later = ledger.acknowledgedFrom(mistake.transaction().after());
      int between = ledger.acknowledgedFrom(backup.endLsn())
          - ledger.acknowledgedFrom(mistake.transaction().before());
      Observation more = new Observation(
          List.of(skew(measured, skew)),
          List.of(new Figure("clockSkewSeconds", measured.toSeconds())),
          DroppedTable.unmet(between, later));
      return List.of(
              new Rewind(
                  name + "-time",
                  new RecoveryTarget.AtTime(mistake.time(), true),
                  new Horizon.Time(mistake.time(), mistake.position(), commitTimes),
                  hashes,
                  mistake.nanos()),
              new Rewind(
                  name + "-lsn",
                  new RecoveryTarget.AtLsn(mistake.position(), false),
                  new Horizon.Position(mistake.position(), mistake.position()),
                  hashes,
                  mistake.nanos()))
          .stream()
          .map(rewind -> rewind.run(stage, INFO, (recovery, validation) -> more))
          .toList();
    }
  }

  /** That the server's clock was as wrong as it had to be. */
  static Check skew(Duration measured, Duration wanted) {
    return new Check(
        "skew",
        measured.minus(wanted).abs().compareTo(TOLERANCE) < 0,
        "the server's clock is " + measured.toSeconds() + " s ahead, wanted are "
            + wanted.toSeconds());
  }
}
