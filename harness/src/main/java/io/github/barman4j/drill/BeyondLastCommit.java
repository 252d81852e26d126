package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.RowKey;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * S06: somebody empties a table, and the target is a time after which nothing was committed any more, where PostgreSQL would end with
 * "recovery ended before configured recovery target was reached". It is refused beforehand; the nearest time that the refusal names
 * is reached, and so is the time before the mistake.
 */
final class BeyondLastCommit implements Scenario {
  private static final int COMMITS = 200;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S06",
          "beyond-last-commit",
          1,
          true,
          "TRUNCATE, and a target time without a later commit: refused before anything is copied; the nearest time works")
      .breaking(
          "TRUNCATE, 200 more commits, then rest; the restore asks for a time after which nothing "
              + "was committed")
      .expecting("refused within 5 s, naming the target and the last commit", "refusal")
      .expecting(
          "the nearest time that the refusal names is that of the last commit", "nearest-point")
      .expecting("nothing is written to the target directory", "nothing-written")
      .expecting(
          "recoveries to the named time and to the time before the mistake lose nothing and do not "
              + "overshoot")
      .measuring(Measures.ON_TARGET, Measures.OF_THE_REFUSAL_AND_PLAN);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  /** When the server committed last, and a moment after it; by the server's clock. */
  record Quiet(Instant lastCommit, Instant now) {
    static Quiet of(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(
              "SELECT timestamp, clock_timestamp() FROM pg_last_committed_xact()")) {
        row.next();
        return new Quiet(
            row.getObject(1, OffsetDateTime.class).toInstant(),
            row.getObject(2, OffsetDateTime.class).toInstant());
      }
    }
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    // Autovacuum commits too.
    try (Stage stage =
        Stage.open(request, sink, settings -> settings.setting("autovacuum", "off"))) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes before = primary.hashes();
      stage.backupUnderLoad(COMMITS);
      Mistake mistake =
          Mistake.make(primary, "before the mistake", new Fault.TruncateTable(Primary.VICTIM));
      stage.awaitCommits(COMMITS, "the mistake", mistake.transaction().after());
      primary.stopLoad();
      // Of commits at the same moment one may be the last in the log and another by the clock: one
      // more, alone.
      primary
          .cluster()
          .execute(
              Primary.DATABASE, "INSERT INTO " + Primary.PROBE + " VALUES (clock_timestamp())");
      TableHashes after = primary.hashes();
      Map<RowKey, Instant> commitTimes = primary.query(LoadTable::commitTimes);
      Quiet quiet = primary.query(Quiet::of);
      primary.awaitReceived(host);
      host.stopReceiver();

      Path directory = stage.path("refused");
      Refusal refusal = Refusal.of(() -> host.recoveryEngine()
          .restore(RestoreRequest.to(directory)
              .target(new RecoveryTarget.AtTime(quiet.now(), true))
              .build()));
      List<ScenarioResult> results = new ArrayList<>();
      results.add(observed(refusal, quiet, directory).judged(INFO, "no-later-commit"));
      results.add(rewind("before-mistake", mistake.time(), mistake, commitTimes, before)
          .run(stage, INFO, (recovery, validation) -> conditions(primary, mistake)));
      nearest(refusal)
          .map(time -> rewind("nearest-time", time, mistake, commitTimes, after)
              .run(stage, INFO, (recovery, validation) -> conditions(primary, mistake)))
          .ifPresent(results::add);
      return results;
    }
  }

  /** What the refusal must have said. */
  static Observation observed(Refusal refusal, Quiet quiet, Path directory) {
    Optional<Instant> named = refusal.namedTime();
    return new Observation(
        List.of(
            refusal.check(
                "refusal",
                ErrorCode.TARGET_UNREACHABLE,
                MissingSegment.AT_ONCE,
                List.of(quiet.now().toString(), quiet.lastCommit().toString())),
            new Check(
                "nearest-point",
                named.equals(Optional.of(quiet.lastCommit())),
                named.map(time -> "it names " + time).orElse("it names no time")
                    + ", the last commit was at " + quiet.lastCommit()),
            MissingSegment.untouched(directory)),
        List.of(refusal.figure("refusalMillis")),
        quiet.lastCommit().isBefore(quiet.now())
            ? List.of()
            : List.of("something was committed at the target or later"));
  }

  /** The hint says "before" it. */
  private static Optional<Instant> nearest(Refusal refusal) {
    return refusal.namedTime().map(time -> time.minusNanos(1000));
  }

  private static Rewind rewind(
      String variant,
      Instant time,
      Mistake mistake,
      Map<RowKey, Instant> commitTimes,
      TableHashes tables) {
    return new Rewind(
        variant,
        new RecoveryTarget.AtTime(time, true),
        new Horizon.Time(time, mistake.position(), commitTimes),
        tables,
        mistake.nanos());
  }

  private static Observation conditions(Primary primary, Mistake mistake) {
    int later = primary.ledger().acknowledgedFrom(mistake.transaction().after());
    return new Observation(
        List.of(),
        List.of(),
        later > 0
            ? List.of()
            : List.of("no commit was acknowledged after the mistake, so nothing could overshoot"));
  }
}
