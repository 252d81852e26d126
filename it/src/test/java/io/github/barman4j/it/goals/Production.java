package io.github.barman4j.it.goals;

import io.github.barman4j.Secret;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * What somebody has: an encrypted repository with two backups and the log since then, of a server with two databases of its own, a
 * tablespace, and settings that must not come along. The server is gone when it is made.
 */
final class Production {
  static final String PASSPHRASE = "correct horse battery staple";
  static final int ROWS = 3000;

  private final Path repository;
  private final List<Path> packsOfNewest;

  private Production(Path repository, List<Path> packsOfNewest) {
    this.repository = repository;
    this.packsOfNewest = packsOfNewest;
  }

  /** @param repository is not there yet */
  static Production at(Path repository, int major) throws Exception {
    try (EmbeddedCluster server = EmbeddedCluster.builder(TestPostgres.major(major))
        .setting("archive_mode", "on")
        .setting("archive_command", "/bin/false")
        .setting("shared_buffers", "4MB")
        .initdbOption("--wal-segsize=1")
        .start()) {
      Engine engine = engine(repository, server, PASSPHRASE);
      server.execute(
          "postgres",
          "CREATE DATABASE shop",
          "CREATE DATABASE \"it's \"\"odd\"\" 100%\"",
          "CREATE TABLESPACE fast LOCATION '" + server.newFolder("fast") + "'");
      server.execute(
          "shop",
          "CREATE TABLE \"Order\" (id int PRIMARY KEY, note text) TABLESPACE fast",
          "ALTER TABLE \"Order\" ALTER note SET STORAGE EXTERNAL",
          "INSERT INTO \"Order\" SELECT g, repeat(md5(g::text), 80) FROM generate_series(1, 1000) g",
          "CREATE MATERIALIZED VIEW totals AS SELECT count(*) FROM \"Order\"",
          "CREATE FUNCTION shout() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
              + " RAISE EXCEPTION 'a trigger of production fired'; END $$",
          "CREATE EVENT TRIGGER shouting ON ddl_command_end EXECUTE FUNCTION shout()",
          "ALTER DATABASE shop SET statement_timeout = '1ms'");
      try (RunningReceiver receiver =
          engine.startReceiver(new ReceiveRequest("barman", true, false))) {
        engine.backup(BackupRequest.defaults());
        insert(server, 1001, 2000);
        List<Path> before = packs(repository);
        engine.backup(BackupRequest.defaults());
        List<Path> newest = new ArrayList<>(packs(repository));
        newest.removeAll(before);
        insert(server, 2001, 2500);
        server.execute("postgres", "SELECT pg_switch_wal()");
        insert(server, 2501, ROWS);
        Lsn end = Lsn.parse(
            server.query("postgres", "SELECT pg_current_wal_flush_lsn()").get(0));
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> !receiver.flushed().isBefore(end));
        return new Production(repository, newest);
      }
    }
  }

  private static void insert(EmbeddedCluster server, int from, int to) {
    server.execute(
        "shop",
        "SET statement_timeout = 0",
        "INSERT INTO \"Order\" SELECT g, repeat(md5(g::text), 80) FROM generate_series(" + from
            + ", " + to + ") g");
  }

  static Engine engine(Path repository, EmbeddedCluster server, String passphrase) {
    EngineConfiguration plain = EngineConfiguration.of(
        repository,
        "main",
        new ServerConnection(server.jdbcUrl("postgres"), server.user(), server.password()));
    return Engine.open(
        passphrase.isEmpty() ? plain : plain.withPassphrase(Secret.of(passphrase)), event -> {});
  }

  private static List<Path> packs(Path repository) throws Exception {
    try (var files = Files.walk(repository.resolve("main/packs"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  Path repository() {
    return repository;
  }

  /** A file that only the newest backup needs, by its place in the repository. */
  Path packOfNewest() {
    return repository.relativize(packsOfNewest.get(0));
  }
}
