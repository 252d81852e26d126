package io.github.barman4j.it.crash;

import io.github.barman4j.EventSink;
import io.github.barman4j.Secret;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.workload.LoadTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A small server that lives as long as all crashes of a version, and what a backup host has before each of them: a repository with two
 * backups, each with packs of its own, and the log between them. From the beginning on every commit waits for the receiver.
 */
final class Bench implements AutoCloseable {
  static final String SLOT = "barman";
  static final String DATABASE = "postgres";

  private final EmbeddedCluster cluster;
  private final Path folder;
  private final Place template;
  private final SortedMap<String, String> digests = new TreeMap<>();
  private int places;
  private int loads;
  private Map<String, String> restored = Map.of();

  private Bench(EmbeddedCluster cluster, Path folder, @Nullable Secret passphrase) {
    this.cluster = cluster;
    this.folder = folder;
    this.template = Place.of(folder.resolve("template"), passphrase);
  }

  static Bench start(PostgresBinaries binaries, Path folder) throws IOException, SQLException {
    return start(binaries, folder, null);
  }

  /** @param passphrase of every repository; null for repositories that are not encrypted */
  static Bench start(PostgresBinaries binaries, Path folder, @Nullable Secret passphrase)
      throws IOException, SQLException {
    EmbeddedCluster cluster = EmbeddedCluster.builder(binaries)
        .initdbOption("--wal-segsize=1")
        .setting("wal_keep_size", "256MB")
        .setting("autovacuum", "off")
        .setting("max_wal_senders", "40")
        .setting("max_replication_slots", "40")
        .setting("max_connections", "100")
        .start();
    Bench bench = new Bench(cluster, folder, passphrase);
    boolean ready = false;
    try {
      bench.fill();
      ready = true;
      return bench;
    } finally {
      if (!ready) {
        bench.close();
      }
    }
  }

  private void fill() throws IOException, SQLException {
    try (Connection connection = cluster.connect(DATABASE)) {
      LoadTable.create(connection);
    }
    cluster.execute(
        DATABASE,
        "CREATE TABLE stock AS SELECT g AS id, md5(g::text) AS content FROM generate_series(1, 5000) g");
    Files.createDirectories(template.root());
    Engine engine = Engine.open(template.configuration(connection()), event -> {});
    engine.backup(BackupRequest.defaults());
    cluster.execute(DATABASE, "UPDATE stock SET content = md5(content) WHERE id % 7 = 0");
    // With packs of its own, so that the other's can be deleted.
    engine.backup(BackupRequest.defaults().sharingNothing());
    for (Backup backup : engine.backups()) {
      digests.put(backup.id().value(), Soundness.digest(template, backup));
    }
    Place place = newPlace();
    Place.copy(template.root(), place.root());
    Operation.RESTORE.run(place, connection(), event -> {}, () -> false);
    restored = Soundness.tree(place.restored());
    cluster.execute(
        DATABASE,
        "ALTER SYSTEM SET synchronous_standby_names = '" + SLOT + "'",
        "SELECT pg_reload_conf()");
  }

  EmbeddedCluster cluster() {
    return cluster;
  }

  ServerConnection connection() {
    return new ServerConnection(cluster.jdbcUrl(DATABASE), cluster.user(), cluster.password());
  }

  Engine engine(Place place) {
    return Engine.open(place.configuration(connection()), EventSink.NONE);
  }

  /** By backup id, what is in the two backups that every place begins with. */
  Map<String, String> digests() {
    return digests;
  }

  /** The id of the one that is deleted. */
  String oldest() {
    return digests.firstKey();
  }

  /** What a restore of the newest of them brings, by file. */
  Map<String, String> restored() {
    return restored;
  }

  /** For what is looked at and thrown away. */
  Path scratch() {
    return folder;
  }

  Load startLoad() {
    loads++;
    return Load.start(this, folder.resolve("ledger-" + loads));
  }

  /** An empty directory. */
  Place newPlace() throws IOException {
    places++;
    return template.at(Files.createDirectory(folder.resolve("place-" + places)));
  }

  /** A directory with what the operation begins with; a receiver begins with nothing, and its slot is gone. */
  Place placeFor(Operation operation) throws IOException {
    Place place = newPlace();
    if (operation == Operation.RECEIVE) {
      dropSlot();
    } else {
      Place.copy(template.root(), place.root());
    }
    return place;
  }

  private void dropSlot() {
    org.awaitility.Awaitility.await()
        .until(() -> cluster
            .query(DATABASE, "SELECT slot_name FROM pg_replication_slots WHERE active")
            .isEmpty());
    cluster.query(
        DATABASE,
        "SELECT pg_drop_replication_slot(slot_name)::text FROM pg_replication_slots WHERE slot_name = '"
            + SLOT + "'");
  }

  /** Ends the server's current segment, when there is anything in it. */
  void switchSegment() {
    cluster.query(DATABASE, "SELECT pg_switch_wal()::text");
  }

  @Override
  public void close() {
    cluster.close();
  }
}
