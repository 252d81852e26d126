package io.github.barman4j.it.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.drill.DrillStage;
import io.github.barman4j.drill.Moment;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Injection;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenarios of one's own, as a class and as a file: what they recover is judged, and they cannot pass by themselves. */
class OwnScenarioIT {
  @TempDir
  Path output;

  @TempDir
  Path scripts;

  @Test
  void recoversToEveryKindOfMomentAndJudgesEach() {
    DrillReport report = drill(stage -> {
      execute(stage, "CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 100) g");
      stage.startReceiver(DrillStage.Receiving.SYNCHRONOUS);
      stage.startLoad();
      Backup backup = stage.backup();
      stage.awaitCommits(20);
      Moment moment = stage.moment("it's before");
      stage.awaitCommits(20);
      Injection mistake = stage.faults().inject(new Fault.DropTable("orders"));
      stage.awaitCommits(20);
      assertThat(stage.backups()).containsExactly(backup);
      for (Moment.By by : Moment.By.values()) {
        stage.recoverTo(moment, by, OwnScenarioIT::hasOrders);
      }
      ScenarioResult before = stage.recoverBefore(mistake, OwnScenarioIT::hasOrders);
      assertThat(before.verdict()).isEqualTo(Verdict.PASSED);
      stage.check("own", true, "looked at");
    });
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .extracting(result -> result.variant().orElseThrow())
        .containsExactly(
            "it's before by name",
            "it's before by lsn",
            "it's before by time",
            "before the mistake",
            "checks");
    assertThat(report.scenarios().subList(0, 4)).allSatisfy(result -> {
      assertThat(result.rpo().orElseThrow().acknowledged()).isGreaterThanOrEqualTo(20);
      assertThat(result.checks()).extracting(Check::name).contains("tables", "orders");
    });
  }

  @Test
  void failsForWhatTheReceiverNeverGot() {
    DrillReport report = drill(stage -> {
      stage.startReceiver(DrillStage.Receiving.ASYNCHRONOUS);
      stage.startLoad();
      stage.backup();
      stage.awaitCommits(20);
      stage.stopReceiver();
      execute(stage, "CREATE TABLE late AS SELECT 1 AS id");
      stage.awaitCommits(50);
      stage.faults().inject(new Fault.KillServer());
      stage.faults().inject(new Fault.DeleteDataDirectory());
      stage.recoverLatest();
    });
    ScenarioResult result = only(report);
    assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(result.rpo().orElseThrow().lostTransactions()).isGreaterThanOrEqualTo(50);
    assertThat(result.reasons()).hasSize(2);
    assertThat(result.reasons().get(0)).startsWith("lost ");
    assertThat(result.reasons().get(1)).startsWith("check tables failed").contains("late");
    assertThat(result.rto().orElseThrow().phases().get(0).name()).isEqualTo("detect");
  }

  @Test
  void isInconclusiveWhenNothingWasComparedAndFailsWhenItThrows() {
    ScenarioResult nothing = only(drill(DrillStage::backup));
    assertThat(nothing.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(nothing.reasons()).containsExactly("nothing was recovered, so nothing was compared");

    // Without a load there is nothing to lose; and an exception that the scenario hides is a
    // failure all the same.
    DrillReport report = drill(stage -> {
      try {
        stage.recoverLatest();
      } catch (RuntimeException e) {
        stage.tell("hidden: " + e.getMessage());
      }
      stage.backup();
      stage.recoverLatest();
      throw new AssertionError("not as it was");
    });
    assertThat(report.scenarios())
        .extracting(ScenarioResult::verdict)
        .containsExactly(Verdict.INCONCLUSIVE, Verdict.FAILED);
    assertThat(report.scenarios().get(0).reasons())
        .containsExactly("no commit was acknowledged after the backup, so nothing could be lost");
    assertThat(report.scenarios().get(1).reasons()).hasSize(2);
    assertThat(report.scenarios().get(1).reasons().get(0)).startsWith("BRM-");
    assertThat(report.scenarios().get(1).reasons().get(1)).endsWith("not as it was");
  }

  @Test
  void runsTheFileOfTheDocumentation() throws IOException {
    String page = Files.readString(Path.of("../src-site/markdown/drills.md"));
    Matcher example = Pattern.compile("```yaml\n(id: .*?)```", Pattern.DOTALL).matcher(page);
    assertThat(example.find()).isTrue();
    Path file = Files.writeString(scripts.resolve("own.yaml"), example.group(1));
    DrillReport report = Drill.run(
        request(new EmbeddedServers(TestPostgres.oldest()))
            .scenarios(List.of(file.toString()))
            .build(),
        event -> {});
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .extracting(ScenarioResult::title)
        .containsExactly(
            "ORDERS-1 orders-emptied (before the mistake by time)",
            "ORDERS-1 orders-emptied (before the mistake)",
            "ORDERS-1 orders-emptied (latest)");
  }

  private static List<Check> hasOrders(Connection restored) throws SQLException {
    try (Statement statement = restored.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM orders")) {
      rows.next();
      return List.of(new Check("orders", rows.getLong(1) == 100, rows.getLong(1) + " orders"));
    }
  }

  private static void execute(DrillStage stage, String sql) throws SQLException {
    try (Connection connection = stage.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private DrillReport drill(InlineScenario.Body body) {
    return Drill.run(
        request(new EmbeddedServers(TestPostgres.newest())).build(),
        new InlineScenario(Set.of(), body),
        event -> {});
  }

  private DrillRequest.Builder request(Servers servers) {
    return DrillRequest.builder(servers, output)
        .databaseBytes(2 << 20)
        .writers(2)
        .warmUp(Duration.ZERO);
  }

  private static ScenarioResult only(DrillReport report) {
    assertThat(report.scenarios()).hasSize(1);
    return report.scenarios().get(0);
  }
}
