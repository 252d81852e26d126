package io.github.barman4j.it.restore;

import io.github.barman4j.cluster.EmbeddedCluster;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Creates and drops tables as fast as it can, so that files vanish under whoever copies them. A checkpoint after each drop removes
 * the files, which DROP TABLE alone only empties (md.c, mdunlinkfork). Every tenth table stays.
 */
final class TableChurn implements AutoCloseable {
  private final EmbeddedCluster cluster;
  private final String database;
  private final AtomicInteger dropped = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "table-churn");
  private volatile boolean stopping;
  private volatile @Nullable SQLException failure;

  private TableChurn(EmbeddedCluster cluster, String database) {
    this.cluster = cluster;
    this.database = database;
  }

  /** Returns when the first table has been dropped. */
  static TableChurn start(EmbeddedCluster cluster, String database) {
    TableChurn churn = new TableChurn(cluster, database);
    churn.thread.start();
    while (churn.dropped() == 0 && churn.thread.isAlive()) {
      Thread.onSpinWait();
    }
    return churn;
  }

  int dropped() {
    return dropped.get();
  }

  private void run() {
    try (Connection connection = cluster.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS churn");
      for (int i = dropped.get(); !stopping; i++) {
        String table = "churn.t_" + i + "_" + System.nanoTime();
        statement.execute("CREATE TABLE " + table
            + " AS SELECT g AS id, md5(g::text) AS t FROM generate_series(1, 500) g");
        if (i % 10 > 0) {
          statement.execute("DROP TABLE " + table);
          statement.execute("CHECKPOINT");
          dropped.incrementAndGet();
        }
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  /** Throws what it has failed of. */
  @Override
  public void close() throws SQLException {
    stopping = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    SQLException found = failure;
    if (found != null) {
      throw found;
    }
  }
}
