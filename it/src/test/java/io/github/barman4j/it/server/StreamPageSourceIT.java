package io.github.barman4j.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.Event;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.RunFolder;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.server.BackupStart;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.server.StreamPageSource;
import io.github.barman4j.server.StreamSettings;
import io.github.barman4j.server.WireCompression;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "PostgreSQL {0}")
@MethodSource("majors")
@Timeout(180)
class StreamPageSourceIT {
  private static final String HASH = "select md5(string_agg(t::text, ',' order by n)) from ";

  private static EmbeddedCluster cluster;
  private static Path tablespace;

  @Parameter
  int major;

  private final List<Event> events = new ArrayList<>();
  private Path copy;

  static IntStream majors() {
    return TestPostgres.majors();
  }

  @BeforeParameterizedClassInvocation
  static void create(int major) {
    cluster = EmbeddedCluster.builder(TestPostgres.major(major))
        .setting("autovacuum", "off")
        .setting("allow_in_place_tablespaces", "on")
        .start();
    tablespace = cluster.newFolder("ts");
    cluster.execute(
        "postgres",
        "create tablespace elsewhere location '" + tablespace + "'",
        "create tablespace inside location ''",
        "create table plain as select n, md5(n::text) as h from generate_series(1, 20000) n",
        "create table there tablespace elsewhere as select * from plain",
        "create table here tablespace inside as select * from plain",
        "create unlogged table gone as select * from plain");
  }

  @AfterParameterizedClassInvocation
  static void remove() {
    cluster.close();
  }

  @AfterEach
  void forgetTheCopy() {
    if (copy != null && Files.exists(copy)) {
      RunFolder.delete(copy);
    }
  }

  private static ConnectionSettings settings() {
    return ConnectionSettings.of(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password());
  }

  private FolderVisitor backup(WireCompression compression, Path folder, Path tablespaces) {
    FolderVisitor visitor = new FolderVisitor(folder, tablespaces);
    try (StreamPageSource source = new StreamPageSource(
        ReplicationConnection.open(settings(), "test", Duration.ofSeconds(10)),
        new StreamSettings("test of all", true, compression, 0),
        events::add,
        () -> {})) {
      BackupStart start = source.start();
      assertThat(start.tablespaces())
          .extracting(found -> found.location())
          .contains(tablespace.toString());
      source.read(visitor);
      assertThat(source.stop().lsn()).isGreaterThan(start.lsn());
      assertThat(source.stop().timeline()).isEqualTo(start.timeline());
      assertThat(start.estimatedBytes()).isPositive();
    }
    return visitor;
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "GZIP", "ZSTD"})
  void givesEveryFileAsTheServersManifestHasIt(WireCompression compression) throws IOException {
    copy = Files.createTempDirectory("copy");
    Path data = Files.createDirectory(copy.resolve("data"));
    FolderVisitor visitor = backup(compression, data, copy);

    Map<String, String> expected = ServerManifest.read(data.resolve("backup_manifest"));
    Map<String, String> found = new TreeMap<>();
    for (String path : visitor.files.keySet()) {
      if (!path.equals("backup_manifest")) {
        found.put(path, ServerManifest.of(data.resolve(path)));
      }
    }
    assertThat(found).isEqualTo(expected);
    assertThat(found)
        .containsKeys("backup_label", "PG_VERSION", "global/pg_control", "postgresql.conf");
    assertThat(found.keySet())
        .noneMatch(path -> path.startsWith("pg_wal/") || path.equals("postmaster.pid"))
        .anyMatch(path -> path.matches("pg_tblspc/\\d+/PG_" + major + "_\\d+/\\d+/\\d+"));
    assertThat(visitor.links.values()).containsExactly(tablespace.toString());
    assertThat(visitor.directories)
        .containsKeys("pg_wal", "pg_wal/archive_status", "base", "pg_tblspc");
    assertThat(visitor.files.get("PG_VERSION").mode()).isEqualTo(0600);
    assertThat(visitor.directories.get("base")).isEqualTo(0700);
  }

  @Test
  void saysThatTheServerLacksACompression() throws IOException {
    copy = Files.createTempDirectory("copy");
    backup(WireCompression.ZSTD, Files.createDirectory(copy.resolve("data")), copy);
    assertThat(events)
        .anyMatch(event -> event instanceof Event.Warning warning
            && warning.text().contains("zstd")
            && warning.text().contains("going on with gzip"));
  }

  @Test
  void givesWhatAStandbyStartsFrom() throws IOException, SQLException {
    Path data = cluster.newFolder("standby");
    Path links = cluster.newFolder("standby-tablespaces");
    backup(WireCompression.AUTO, data, links);
    Files.createFile(data.resolve("standby.signal"));
    own(data);
    own(links);
    EmbeddedCluster standby = EmbeddedCluster.builder(TestPostgres.major(major))
        .existing(data)
        .password(cluster.password())
        .setting(
            "primary_conninfo",
            "host=127.0.0.1 port=" + cluster.port() + " user=postgres password="
                + cluster.password().reveal())
        .create();
    try (standby) {
      standby.launch();
      standby.awaitReadOnly();
      for (String table : List.of("plain", "there", "here")) {
        assertThat(ask(standby, HASH + table + " t")).isEqualTo(ask(cluster, HASH + table + " t"));
      }
      findsTheServersByTheirRole(standby);
    } finally {
      RunFolder.delete(data);
      RunFolder.delete(links);
    }
  }

  private void findsTheServersByTheirRole(EmbeddedCluster standby) {
    String both = "jdbc:postgresql://127.0.0.1:" + standby.port() + ",127.0.0.1:" + cluster.port()
        + "/postgres?targetServerType=";
    ConnectionSettings primary =
        ConnectionSettings.of(both + "primary", cluster.user(), cluster.password());
    ConnectionSettings secondary =
        ConnectionSettings.of(both + "secondary", cluster.user(), cluster.password());
    try (PostgresServer server = PostgresServer.connect(primary);
        ReplicationConnection connection =
            ReplicationConnection.open(primary, "test", Duration.ofSeconds(10))) {
      assertThat(server.facts().standby()).isFalse();
      assertThat(connection.isStandby()).isFalse();
      assertThat(server.settings().hostAndPort()).isEqualTo("127.0.0.1:" + cluster.port());
    }
    try (PostgresServer server = PostgresServer.connect(secondary);
        ReplicationConnection connection =
            ReplicationConnection.open(secondary, "test", Duration.ofSeconds(10))) {
      assertThat(server.facts().standby()).isTrue();
      assertThat(connection.isStandby()).isTrue();
      assertThat(server.preconditions()).allMatch(finding -> finding.passed());
      await().until(() -> !connection.identifySystem().flushed().isInvalid());
    }
  }

  private static String ask(EmbeddedCluster server, String query) throws SQLException {
    try (Connection sql = server.connect("postgres");
        ResultSet rows = sql.createStatement().executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void own(Path tree) throws IOException {
    UserPrincipal owner = Files.getOwner(cluster.dataDirectory());
    Files.walkFileTree(tree, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
          throws IOException {
        Files.setOwner(dir, owner);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.setAttribute(file, "posix:owner", owner, LinkOption.NOFOLLOW_LINKS);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
