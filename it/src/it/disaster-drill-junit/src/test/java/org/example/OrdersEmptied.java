package org.example;

import io.github.barman4j.drill.DrillStage;
import io.github.barman4j.drill.OwnScenario;
import io.github.barman4j.drill.ScenarioInfo;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Injection;
import java.sql.Connection;
import java.sql.Statement;

/** Somebody empties the orders; they come back as they were just before. */
public final class OrdersEmptied implements OwnScenario {
  @Override
  public ScenarioInfo info() {
    return new ScenarioInfo("ORDERS-1", "orders-emptied", 1, true, "the orders are emptied by mistake");
  }

  @Override
  public void run(DrillStage stage) throws Exception {
    try (Connection server = stage.connect();
        Statement statement = server.createStatement()) {
      statement.execute("CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 1000) g");
    }
    stage.startReceiver(DrillStage.Receiving.SYNCHRONOUS);
    stage.startLoad();
    stage.backup();
    stage.awaitCommits(100);
    Injection mistake = stage.faults().inject(new Fault.TruncateTable("orders"));
    stage.awaitCommits(100);
    stage.recoverBefore(mistake);
  }
}
