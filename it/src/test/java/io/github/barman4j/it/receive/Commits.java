package io.github.barman4j.it.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.SegmentLog;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalIndex;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.Workload;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Commits that clients were told of, and the search for them in what was received. */
final class Commits implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int WRITERS = 4;

  private final EmbeddedCluster cluster;
  private final Ledger ledger;

  private Commits(EmbeddedCluster cluster, Ledger ledger) {
    this.cluster = cluster;
    this.ledger = ledger;
  }

  static Commits in(EmbeddedCluster cluster, Path folder) throws SQLException {
    try (Connection connection = cluster.connect("postgres")) {
      LoadTable.create(connection);
    }
    return new Commits(cluster, Ledger.create(folder.resolve("ledger")));
  }

  int acknowledged() {
    return ledger.acknowledged();
  }

  /** Starts the writers; they number their rows from 1 on again. */
  Workload start() {
    cluster.execute("postgres", "TRUNCATE " + LoadTable.NAME);
    return Workload.start(() -> cluster.connect("postgres"), ledger, WRITERS, 42);
  }

  /** Lets several writers work until so many commits more are acknowledged. */
  void run(int commits) {
    int enough = ledger.acknowledged() + commits;
    try (Workload load = start()) {
      await().atMost(PATIENCE).until(() -> {
        load.requireAlive();
        return ledger.acknowledged() >= enough;
      });
      load.stop(Duration.ofSeconds(10));
    }
  }

  /** Every commit that was acknowledged until now must have a record in the archive or in the spool. */
  void assertAllReceived(WalArchive archive, Path spool) {
    List<Long> acknowledged = ledger.entries().stream()
        .filter(entry -> entry.outcome() == Outcome.ACKED)
        .map(LedgerEntry::xid)
        .toList();
    List<PartialSegment> spooled = PartialSegment.in(spool, Archives.SEGMENT_SIZE);
    SegmentLog log = new SegmentLog(archive, spooled);
    List<WalIndex> indexes = new ArrayList<>();
    archive.segments().forEach(segment -> indexes.add(log.index(segment)));
    spooled.forEach(partial -> indexes.add(log.index(partial.segment())));
    List<Long> lost = acknowledged.stream()
        .filter(xid -> indexes.stream().noneMatch(index -> index.committed().contains(xid)))
        .toList();
    assertThat(lost).as("lost of %d acknowledged commits", acknowledged.size()).isEmpty();
  }

  @Override
  public void close() {
    ledger.close();
  }
}
