package org.example;

import static io.github.barman4j.junit.DrillAssertions.assertThat;
import static java.time.Duration.ofMinutes;

import io.github.barman4j.drill.DrillStage;
import io.github.barman4j.drill.Faults;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.junit.DisasterDrill;
import io.github.barman4j.report.DrillReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

class OrdersDrillTest {
  /** The catalogue's first scenario, with the schema of the orders in the database. */
  @DisasterDrill(
      scenario = "S01",
      maxLostTransactions = 0,
      maxRto = "PT2M",
      initScript = "src/test/drills/orders.sql",
      checkScript = "src/test/drills/orders-check.sql",
      databaseMegabytes = 4)
  void losesNoOrderWhenTheServerDies(DrillReport report) {
    assertThat(report)
        .lostNoAcknowledgedCommit()
        .hasNoPhantoms()
        .recoveredWithin(ofMinutes(2))
        .passedCheck("script");
  }

  /** Scenarios of one's own: a class, named in META-INF/services, and a file. */
  @DisasterDrill(
      scenario = {"ORDERS-1", "src/test/drills/orders.yaml"},
      maxRto = "PT2M",
      databaseMegabytes = 4)
  void bringsBackWhatAMistakeHasEmptied(DrillReport report) {
    assertThat(report).passed().lostNoAcknowledgedCommit().hasNoOvershoot();
  }

  /** Or the test is the scenario. */
  @DisasterDrill(maxRto = "PT2M", databaseMegabytes = 4)
  void findsItsOwnTableAgain(DrillStage stage, Faults faults) throws SQLException {
    try (Connection server = stage.connect();
        Statement statement = server.createStatement()) {
      statement.execute("CREATE TABLE invoices AS SELECT g AS id FROM generate_series(1, 100) g");
    }
    stage.startReceiver(DrillStage.Receiving.SYNCHRONOUS);
    stage.startLoad();
    stage.backup();
    stage.awaitCommits(100);
    faults.inject(new Fault.KillServer());
    faults.inject(new Fault.DeleteDataDirectory());
    assertThat(stage.recoverLatest()).passed().passedCheck("tables");
  }
}
