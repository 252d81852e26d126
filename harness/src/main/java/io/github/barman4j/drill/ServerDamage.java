package io.github.barman4j.drill;

import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Injection;
import io.github.barman4j.postgres.Lsn;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Duration;

/** What is done to a server and its files to break them. */
record ServerDamage(Primary primary) {
  private static final int PAGE_BYTES = 8192;

  /** Of a block that is on the disk as it is in memory. */
  void flipBit(String table, long block) {
    Cluster cluster = primary.cluster();
    primary.query(connection -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CHECKPOINT");
      }
      Path file = cluster
          .dataDirectory()
          .resolve(Primary.text(connection, "SELECT pg_relation_filepath('" + table + "')"));
      // In the middle of the rows, which fill a page from its end.
      FlippedBit.in(file, block * PAGE_BYTES + PAGE_BYTES * 3 / 4);
      return file;
    });
  }

  Injection.CommittedTransaction commit(String sql) {
    return primary.query(connection -> {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
      long xid = Long.parseUnsignedLong(Primary.text(connection, "SELECT pg_current_xact_id()"));
      Lsn before = Primary.position(connection);
      connection.commit();
      return new Injection.CommittedTransaction(xid, before, Primary.position(connection));
    });
  }

  /** A server that was lost meanwhile is not started again. */
  Damage skewClock(Duration ahead) {
    restart(ahead);
    return () -> {
      if (primary.cluster().isRunning()) {
        restart(Duration.ZERO);
      }
    };
  }

  private void restart(Duration ahead) {
    Cluster cluster = primary.cluster();
    cluster.setClock(ahead);
    cluster.stop(StopMode.FAST);
    cluster.start();
  }
}
