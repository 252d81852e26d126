package io.github.barman4j.it.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.drill.Breakable;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.drill.DrillStage;
import io.github.barman4j.drill.Faults;
import io.github.barman4j.drill.Moment;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Injection;
import io.github.barman4j.it.TestDocker;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What scenarios of one's own break of the server, its standby and the backup host, and that healing makes it as it was. */
@Timeout(180)
class OwnFaultsIT {
  private static final String SUM = "SELECT sum(total) FROM orders";

  @TempDir
  Path output;

  @TempDir
  Path scripts;

  @Test
  void breaksServerAndHostAndHealsThem() {
    DrillReport report = drill(embedded(), Set.of(Breakable.DISK, Breakable.KEY), stage -> {
      Faults faults = stage.faults();
      execute(stage, "CREATE TABLE orders AS SELECT 1 AS total FROM generate_series(1, 100)");
      stage.startReceiver(DrillStage.Receiving.SYNCHRONOUS);
      stage.startLoad();
      Backup oldest = stage.backup();
      stage.awaitCommits(20);
      pausesTheServer(stage);
      stage.awaitCommits(20);
      refusesOnce(
          stage, "full", new Fault.FillDisk(100_000), ErrorCode.IO, ErrorCode.REPOSITORY_IO);
      refusesOnce(
          stage,
          "elsewhere",
          new Fault.ConnectElsewhere(stage.otherServer()),
          ErrorCode.REPOSITORY_OTHER_SYSTEM);
      refusesOnce(stage, "lost-key", new Fault.LoseKey(), ErrorCode.ENCRYPTION_KEY_MISSING);
      refusesOnce(stage, "wrong-key", new Fault.MistakeKey(), ErrorCode.ENCRYPTION_KEY_WRONG);
      Backup newest = stage.backup();
      assertThat(stage.backups()).containsExactly(oldest, newest);
      stage.awaitCommits(20);
      Injection mistake = faults.inject(new Fault.BadUpdate("orders", "total = 0"));
      assertThat(text(stage.server(), SUM)).isEqualTo("0");
      stage.awaitCommits(20);
      faults.inject(new Fault.DeleteWhileRestored(newest.id()));
      assertThat(deletion(stage.recoverBefore(mistake, OwnFaultsIT::isWhole)))
          .startsWith(newest.id() + " in the middle of the restore: not deleted, BRM-305");
      faults.inject(new Fault.DeleteWhileRestored(oldest.id()));
      assertThat(deletion(stage.recoverLatest()))
          .isEqualTo(oldest.id() + " in the middle of the restore: deleted");
      faults.inject(new Fault.DeleteWhileRestored(newest.id())).close();
      assertThat(deletion(stage.recoverLatest())).isEqualTo("none was tried");
      faults.inject(new Fault.DeleteWhileRestored(newest.id()));
    });
    assertThat(report.firstBreach())
        .hasValueSatisfying(reason -> assertThat(reason).contains("nothing was restored after"));
    assertThat(report.scenarios())
        .extracting(result -> result.variant().orElse(""))
        .containsExactly("before the mistake", "latest", "latest, 2", "checks", "");
    assertThat(report.scenarios().subList(0, 4))
        .allSatisfy(result -> assertThat(result.verdict()).isEqualTo(Verdict.PASSED));
    // A fault that never came to anything is no fault that was survived.
    assertThat(report.scenarios().get(4)).satisfies(result -> {
      assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
      assertThat(result.reasons())
          .singleElement()
          .asString()
          .startsWith("nothing was restored after the fault that deletes ");
    });
  }

  private static void pausesTheServer(DrillStage stage) throws Exception {
    try (Damage pause = stage.faults().inject(new Fault.PauseServer())) {
      assertThat(pause).isNotNull();
      assertThatThrownBy(() -> text(stage.server(), "SELECT 1")).isInstanceOf(SQLException.class);
      assertThatThrownBy(stage::connect).hasMessageStartingWith("BRM-701: the server stands still");
      assertThatThrownBy(() -> stage.awaitCommits(1))
          .hasMessageStartingWith("BRM-701: the server stands still");
    }
    assertThat(text(stage.server(), "SELECT 1")).isEqualTo("1");
  }

  private static void refusesOnce(
      DrillStage stage, String name, Fault.OfHost fault, ErrorCode... codes) throws Exception {
    try (Damage damage = stage.faults().inject(fault)) {
      assertThat(damage).isNotNull();
      assertThat(stage.refused(name, stage::backup, codes)).isPresent();
    }
  }

  private static String deletion(ScenarioResult result) {
    return result.checks().stream()
        .filter(check -> check.name().equals("deletion-meanwhile"))
        .map(Check::detail)
        .findFirst()
        .orElse("none was tried");
  }

  private static List<Check> isWhole(Connection restored) throws SQLException {
    try (Statement statement = restored.createStatement();
        ResultSet rows = statement.executeQuery(SUM)) {
      rows.next();
      return List.of(new Check("orders", rows.getLong(1) == 100, rows.getString(1)));
    }
  }

  /** The standby lacks what was committed after it was cut off; the repository does not. */
  @Test
  void recoversByAStalledStandbyWithItsLossAndFromTheRepositoryWithoutAny() {
    DrillReport report = drill(embedded(), Set.of(), stage -> {
      stage.backup();
      stage.startStandby(DrillStage.Receiving.ASYNCHRONOUS);
      stage.startReceiver(DrillStage.Receiving.SYNCHRONOUS);
      stage.startLoad();
      stage.awaitCommits(20);
      stage.faults().inject(new Fault.StallStandby());
      stage.awaitCommits(50);
      // A server that stands still can be killed.
      stage.faults().inject(new Fault.PauseServer());
      stage.faults().inject(new Fault.KillServer());
      ScenarioResult standby = stage.recoverByPromotion();
      assertThat(standby.rpo().orElseThrow().lostTransactions()).isGreaterThanOrEqualTo(50);
      assertThat(text(stage.standby(), "SELECT pg_is_in_recovery()")).isEqualTo("f");
      assertThatThrownBy(stage::recoverByPromotion)
          .hasMessageStartingWith("BRM-701: the standby was promoted before");
      stage.recoverLatest();
    });
    assertThat(report.scenarios())
        .extracting(result -> result.variant().orElse(result.reasons().toString()))
        .containsExactly("standby", "latest");
    assertThat(report.scenarios())
        .extracting(ScenarioResult::verdict)
        .containsExactly(Verdict.FAILED, Verdict.PASSED);
    assertThat(report.scenarios().get(0).reasons()).singleElement().asString().startsWith("lost ");
    assertThat(report.scenarios().get(1).rpo().orElseThrow().acknowledged())
        .isGreaterThanOrEqualTo(70);
  }

  @Test
  void losesNothingWithASynchronousStandbyOfAFile() throws IOException {
    DrillReport report = run(embedded(), """
        id: STANDBY-1
        name: promoted-standby
        steps:
          - backup
          - standby: synchronous
          - load
          - commits: 50
          - fault: kill-server
          - recover: standby
        """);
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .extracting(ScenarioResult::title)
        .containsExactly("STANDBY-1 promoted-standby (standby)");
  }

  /** It has nothing but a refusal to show, and is skipped where a clock cannot be set. */
  @Test
  void mayHaveNothingButARefusalToShow() throws IOException {
    String refusal = """
        id: REFUSED-1
        name: refused-only
        steps:
          - backup
          - fault: connect-elsewhere
          - refused: {step: {receive: asynchronous}, code: BRM-304}
          - fault: lose-key
          - refused: {step: {recover: latest}, code: [BRM-310, BRM-311]}
          - heal
          - fault: promote-standby
        expected: whoever has no key gets nothing
        """;
    DrillReport report =
        run(embedded(), refusal.replace("fault: promote-standby", "receive: synchronous"));
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios()).singleElement().satisfies(result -> {
      assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
      assertThat(result.checks())
          .extracting(Check::name)
          .containsExactly("refused receive", "refused recover", "nothing-left");
    });
    DrillReport skipped =
        run(embedded(), refusal.replace("fault: promote-standby", "fault: {skew-clock: PT-1H}"));
    assertThat(skipped.scenarios()).singleElement().satisfies(result -> {
      assertThat(result.verdict()).isEqualTo(Verdict.SKIPPED);
      assertThat(result.reasons()).singleElement().asString().contains("have its clock");
    });
  }

  @Test
  void skewsTheClockOfAContainerAndPausesIt() {
    DrillReport report = drill(TestDocker.image("postgres:16"), Set.of(Breakable.CLOCK), stage -> {
      execute(stage, "CREATE TABLE orders AS SELECT 1 AS total FROM generate_series(1, 100)");
      stage.startReceiver(DrillStage.Receiving.ASYNCHRONOUS);
      stage.startLoad();
      stage.backup();
      Damage skew = stage.faults().inject(new Fault.SkewClock(Duration.ofHours(-1)));
      assertThat(ahead(stage)).isBetween(Duration.ofMinutes(-61), Duration.ofMinutes(-59));
      stage.awaitCommits(20);
      Moment moment = stage.moment("an hour behind");
      stage.awaitCommits(20);
      execute(stage, "DROP TABLE orders");
      stage.awaitCommits(20);
      skew.close();
      assertThat(ahead(stage).abs()).isLessThan(Duration.ofMinutes(1));
      stage.awaitCommits(20);
      pausesTheServer(stage);
      stage.awaitCommits(20);
      stage.recoverTo(moment, Moment.By.LSN, OwnFaultsIT::isWhole);
      stage.faults().inject(new Fault.PauseServer());
      stage.faults().inject(new Fault.KillServer());
      stage.recoverLatest();
    });
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .extracting(result -> result.variant().orElseThrow())
        .containsExactly("an hour behind by lsn", "latest");
  }

  private static Duration ahead(DrillStage stage) throws SQLException {
    Instant now = OffsetDateTime.parse(
            text(
                stage.server(),
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"))
        .toInstant();
    return Duration.between(Instant.now(), now);
  }

  private static void execute(DrillStage stage, String sql) throws SQLException {
    try (Connection connection = stage.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** As an application that does not wait for ever. */
  private static String text(ServerConnection server, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(
            server.url() + "?connectTimeout=1&socketTimeout=1",
            server.user(),
            server.password().reveal());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private DrillReport drill(Servers servers, Set<Breakable> breakable, InlineScenario.Body body) {
    return Drill.run(request(servers).build(), new InlineScenario(breakable, body), event -> {});
  }

  private DrillReport run(Servers servers, String yaml) throws IOException {
    Path file = Files.writeString(scripts.resolve("own.yaml"), yaml);
    return Drill.run(request(servers).scenarios(List.of(file.toString())).build(), event -> {});
  }

  private static EmbeddedServers embedded() {
    return new EmbeddedServers(TestPostgres.newest());
  }

  private DrillRequest.Builder request(Servers servers) {
    return DrillRequest.builder(servers, output)
        .databaseBytes(2 << 20)
        .writers(2)
        .warmUp(Duration.ZERO);
  }
}
