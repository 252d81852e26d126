package io.github.barman4j.it.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.SegmentLog;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalIndex;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;

/** Clients whose commits wait for the receiver, and what they were told. */
final class Load implements AutoCloseable {
  private static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int WRITERS = 2;

  private final EmbeddedCluster cluster;
  private final Ledger ledger;
  private final Workload writers;

  private Load(EmbeddedCluster cluster, Ledger ledger, Workload writers) {
    this.cluster = cluster;
    this.ledger = ledger;
    this.writers = writers;
  }

  static Load start(Bench bench, Path ledgerFile) {
    EmbeddedCluster cluster = bench.cluster();
    endWaiting(cluster);
    cluster.execute(Bench.DATABASE, "SET synchronous_commit = local", "TRUNCATE " + LoadTable.NAME);
    Ledger ledger = Ledger.create(ledgerFile);
    Workload writers = Workload.start(
        () -> cluster.connect(Bench.DATABASE), ledger, WRITERS, ledgerFile.hashCode());
    return new Load(cluster, ledger, writers);
  }

  /** A commit that waits for a receiver keeps its locks for ever when its client has gone. */
  private static void endWaiting(EmbeddedCluster cluster) {
    String waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    cluster.query(Bench.DATABASE, "SELECT pg_terminate_backend(pid)::text " + waiting);
    await()
        .atMost(PATIENCE)
        .until(
            () -> cluster.query(Bench.DATABASE, "SELECT pid::text " + waiting).isEmpty());
  }

  int acknowledged() {
    return ledger.acknowledged();
  }

  void awaitMore(int commits) {
    awaitMore(commits, () -> {});
  }

  /** @param check throws when there is no use in waiting any longer */
  void awaitMore(int commits, Runnable check) {
    int enough = acknowledged() + commits;
    try {
      await().atMost(PATIENCE).until(() -> {
        writers.requireAlive();
        check.run();
        return acknowledged() >= enough;
      });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("commits wait: " + state(), e);
    }
  }

  /** What the server knows of clients, receivers and slots. */
  private String state() {
    return String.join(
        "\n",
        cluster.query(
            Bench.DATABASE,
            "SELECT 'sender ' || s::text FROM pg_stat_replication s"
                + " UNION ALL SELECT 'slot ' || s::text FROM pg_replication_slots s"
                + " UNION ALL SELECT 'lock ' || l::text FROM pg_locks l WHERE NOT granted"
                + " UNION ALL SELECT 'session ' || a::text FROM pg_stat_activity a"
                + " WHERE backend_type IN ('client backend', 'walsender')"
                + " UNION ALL SELECT 'position ' || pg_current_wal_flush_lsn()"
                + " UNION ALL SELECT 'standbys ' || current_setting('synchronous_standby_names')"));
  }

  /** Waits until the receiver has all that the server has. */
  void awaitReceived(RunningReceiver receiver) {
    Lsn end = Lsn.parse(
        cluster.query(Bench.DATABASE, "SELECT pg_current_wal_flush_lsn()::text").get(0));
    await().atMost(PATIENCE).until(() -> !receiver.flushed().isBefore(end));
  }

  /** Ends the clients after their transactions; those that wait for a receiver that is gone are cut off. */
  void stop() {
    writers.stop(Duration.ofSeconds(2));
  }

  /** The transactions whose commit was acknowledged until now. */
  List<Long> transactions() {
    return ledger.entries().stream()
        .filter(entry -> entry.outcome() == Outcome.ACKED)
        .map(LedgerEntry::xid)
        .toList();
  }

  /** How many of all acknowledged commits have no record in the archive or in the spool. */
  int lost(Place place) {
    return lost(place, transactions());
  }

  /** How many of some acknowledged commits have none. */
  static int lost(Place place, List<Long> acknowledged) {
    if (acknowledged.isEmpty() || !Files.exists(place.repository().resolve("repository.json"))) {
      return acknowledged.size();
    }
    WalArchive archive = Soundness.archive(place);
    List<PartialSegment> spooled = PartialSegment.in(place.spool(), SEGMENT_SIZE);
    SegmentLog log = new SegmentLog(archive, spooled);
    List<WalIndex> indexes = new ArrayList<>();
    archive.segments().forEach(segment -> indexes.add(log.index(segment)));
    spooled.forEach(partial -> indexes.add(log.index(partial.segment())));
    return (int) acknowledged.stream()
        .filter(xid -> indexes.stream().noneMatch(index -> index.committed().contains(xid)))
        .count();
  }

  /** The archive has no gap, nothing in quarantine, and each segment is what the server has. */
  void assertArchiveEqualsServer(Place place, Path scratch) throws IOException {
    WalArchive archive = Soundness.archive(place);
    assertThat(archive.coverage().gaps()).as("gaps in the archive").isEmpty();
    assertThat(archive.quarantined()).as("quarantine").isEmpty();
    Path fetched = scratch.resolve("fetched");
    for (WalSegment segment : archive.segments()) {
      archive.fetch(segment, fetched);
      assertThat(Files.mismatch(
              fetched, cluster.dataDirectory().resolve("pg_wal").resolve(segment.name())))
          .as("segment %s", segment)
          .isEqualTo(-1);
      Files.delete(fetched);
    }
  }

  @Override
  public void close() {
    writers.close();
    ledger.close();
  }
}
