package io.github.barman4j.it.drill;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.drill.Breakable;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.drill.DrillStage;
import io.github.barman4j.drill.Faults;
import io.github.barman4j.drill.Way;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.it.TestDocker;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.it.TestToxiproxy;
import io.github.barman4j.junit.DisasterDrill;
import io.github.barman4j.junit.DrillAssertions;
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
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The network of a scenario of one's own is broken in every way that there is a fault for, and is whole again when it is healed. */
@Timeout(180)
class OwnNetworkFaultsIT {
  @TempDir
  Path output;

  @TempDir
  Path scripts;

  @AfterEach
  void leavesNoToxiproxy() {
    assertThat(TestToxiproxy.running()).isZero();
  }

  @Test
  void breaksBothWaysToTheServerAndHealsThem() {
    DrillReport report = drill(Set.of(Breakable.NETWORK, Breakable.CONNECTIONS), stage -> {
      stage.startReceiver(DrillStage.Receiving.SYNCHRONOUS);
      stage.startLoad();
      stage.backup();
      stage.awaitCommits(20);
      clientsSuffer(stage);
      backupsFail(stage);
      stage.awaitCommits(20);
      // Left as it is: the drill heals it when it ends.
      stage.faults().inject(new Fault.Partition());
      stage.faults().inject(new Fault.KillServer());
      assertThat(stage.recoverLatest().verdict()).isEqualTo(Verdict.PASSED);
    });
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .extracting(result -> result.variant().orElseThrow())
        .containsExactly("latest", "checks");
    assertThat(report.scenarios().get(1).checks())
        .extracting(Check::name)
        .containsExactly("partition", "reset", "cut", "nothing-left");
  }

  private static void clientsSuffer(DrillStage stage) throws SQLException {
    try (Damage damage = stage.faults().inject(new Fault.Partition(), Way.CLIENTS)) {
      assertThat(damage).isNotNull();
      assertThatThrownBy(() -> ask(stage)).isInstanceOf(SQLException.class);
    }
    assertThat(ask(stage)).isLessThan(Duration.ofMillis(500));
    try (Damage damage = stage.faults().inject(new Fault.SwallowEverything(), Way.CLIENTS)) {
      assertThat(damage).isNotNull();
      assertThatThrownBy(() -> ask(stage)).isInstanceOf(SQLException.class);
    }
    try (Damage damage = stage
        .faults()
        .inject(new Fault.DelayAnswers(Duration.ofMillis(300), Duration.ZERO), Way.CLIENTS)) {
      assertThat(damage).isNotNull();
      assertThat(ask(stage)).isGreaterThan(Duration.ofMillis(700));
    }
    try (Damage damage = stage.faults().inject(new Fault.LimitRate(100_000), Way.CLIENTS)) {
      assertThat(damage).isNotNull();
      assertThat(ask(stage)).isGreaterThan(Duration.ofMillis(700));
    }
    assertThat(ask(stage)).isLessThan(Duration.ofMillis(500));
  }

  private static void backupsFail(DrillStage stage) throws Exception {
    for (var fault : List.of(
        new Broken("partition", new Fault.Partition(), ErrorCode.CONNECTION_FAILED),
        new Broken("reset", new Fault.ResetConnections(), ErrorCode.CONNECTION_FAILED),
        new Broken("cut", new Fault.CutAfter(1_000_000), ErrorCode.CONNECTION_LOST))) {
      Damage damage = stage.faults().inject(fault.fault());
      assertThat(stage.refused(fault.name(), stage::backup, fault.code())).isPresent();
      damage.close();
    }
    stage.backup();
    assertThat(stage.backups()).hasSize(2);
  }

  private record Broken(String name, Fault.OfLink fault, ErrorCode code) {}

  /** A hundred kilobytes, as an application would. */
  private static Duration ask(DrillStage stage) throws SQLException {
    ServerConnection server = stage.server();
    long begin = System.nanoTime();
    try (Connection connection = DriverManager.getConnection(
            server.url() + "&connectTimeout=2&socketTimeout=2",
            server.user(),
            server.password().reveal());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT repeat('x', 100000)")) {
      rows.next();
      assertThat(rows.getString(1)).hasSize(100_000);
      return Duration.of(System.nanoTime() - begin, NANOSECONDS.toChronoUnit());
    }
  }

  @Test
  void losesNothingInAFileWhoseNetworkBreaks() throws IOException {
    requireNothingLostInAFile(request());
  }

  /** The same with a Toxiproxy in a container beside the server's. */
  @Test
  void losesNothingInAFileWhoseContainersNetworkBreaks() throws IOException {
    requireNothingLostInAFile(small(
        DrillRequest.builder(TestDocker.newest(), output).toxiproxyImage(TestDocker.toxiproxy())));
  }

  private void requireNothingLostInAFile(DrillRequest.Builder request) throws IOException {
    Path file = Files.writeString(scripts.resolve("network.yaml"), """
        id: NETWORK-1
        name: broken-network
        steps:
          - receive: synchronous
          - load
          - backup
          - commits: 20
          - fault: {delay-answers: {latency: PT0.02S, jitter: PT0.01S}}
          - fault: {partition: clients}
          - hold: PT0.5S
          - heal: partition
          - commits: 20
          - heal
          - fault: {cut-after: 20000}
          - hold: PT0.5S
          - heal: cut-after
          - commits: 20
          - fault: partition
          - refused: {step: backup, code: BRM-110}
          - hold: PT0.5S
          - fault: kill-server
          - fault: delete-data-directory
          - recover: latest
        """);
    DrillReport report =
        Drill.run(request.scenarios(List.of(file.toString())).build(), event -> {});
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .extracting(ScenarioResult::title)
        .containsExactly("NETWORK-1 broken-network (latest)", "NETWORK-1 broken-network (checks)");
    assertThat(report.scenarios().get(0).rpo().orElseThrow().acknowledged())
        .isGreaterThanOrEqualTo(60);
  }

  @Test
  void refusesWhatTheStageWasNotMadeForAndASecondFaultOfOneWay() {
    DrillReport report = drill(Set.of(Breakable.NETWORK), stage -> {
      Faults faults = stage.faults();
      assertThatThrownBy(() -> faults.inject(new Fault.ResetConnections()))
          .hasMessageStartingWith("BRM-701: ResetConnections[] needs a stage that was made for it")
          .hasMessageContaining("CONNECTIONS");
      faults.inject(new Fault.Partition());
      faults.inject(new Fault.Partition(), Way.CLIENTS);
      // What the drill's owner does wrong is no refusal of the engine.
      assertThatThrownBy(() -> stage.refused(
              "misused", () -> faults.inject(new Fault.CutAfter(1)), ErrorCode.CONNECTION_LOST))
          .hasMessageStartingWith("BRM-701: the network of the backup-host is broken already");
      assertThatThrownBy(() -> stage.refused("any", stage::backup, ErrorCode.DRILL_NETWORK))
          .hasMessageStartingWith("BRM-701: a refusal with one of the codes");
      // Neither the wrong code nor none is a refusal.
      assertThat(stage.refused("wrong", stage::backup, ErrorCode.WAL_GAP)).isEmpty();
      faults.heal();
      assertThat(stage.refused("none", stage::backup, ErrorCode.CONNECTION_FAILED))
          .isEmpty();
    });
    assertThat(report.scenarios()).singleElement().satisfies(result -> {
      assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
      assertThat(result.reasons())
          .satisfiesExactly(
              reason -> assertThat(reason)
                  .startsWith("check wrong failed: not refused with BRM-403 but with BRM-110"),
              reason -> assertThat(reason).isEqualTo("check none failed: it was not refused"));
    });
  }

  /** What a user writes. */
  static final class Sample {
    @DisasterDrill(
        breakable = Breakable.NETWORK,
        databaseMegabytes = 2,
        warmUp = "PT0S",
        writers = 2)
    void cutOff(DrillStage stage, Faults faults) throws Exception {
      stage.startReceiver(DrillStage.Receiving.SYNCHRONOUS);
      stage.startLoad();
      stage.backup();
      stage.awaitCommits(20);
      try (Damage cut = faults.inject(new Fault.Partition())) {
        assertThat(cut).isNotNull();
        stage.refused("backup", stage::backup, ErrorCode.CONNECTION_FAILED);
      }
      stage.awaitCommits(20);
      faults.inject(new Fault.KillServer());
      DrillAssertions.assertThat(stage.recoverLatest()).passed();
    }
  }

  @Test
  void breaksTheNetworkInATestOfJUnit() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectMethod(
            Sample.class, "cutOff", DrillStage.class.getName() + ", " + Faults.class.getName()))
        .configurationParameter("barman.drill.outputDirectory", output.toString())
        .configurationParameter(
            "barman.drill.toxiproxyServer", TestToxiproxy.require().toString())
        .configurationParameter(
            "barman.drill.postgresBin", TestPostgres.newest().bin().toString())
        .execute()
        .testEvents()
        .assertStatistics(statistics -> statistics.started(1).succeeded(1));
    assertThat(output.resolve(Sample.class.getName().replace('$', '.') + ".cutOff/drill.json"))
        .content()
        .contains("\"name\" : \"backup\"", "BRM-110");
  }

  private DrillReport drill(Set<Breakable> breakable, InlineScenario.Body body) {
    return Drill.run(request().build(), new InlineScenario(breakable, body), event -> {});
  }

  private DrillRequest.Builder request() {
    return small(DrillRequest.builder(new EmbeddedServers(TestPostgres.newest()), output)
        .toxiproxyServer(TestToxiproxy.require()));
  }

  private static DrillRequest.Builder small(DrillRequest.Builder request) {
    return request.databaseBytes(4 << 20).writers(2).warmUp(Duration.ZERO);
  }
}
