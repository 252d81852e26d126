package io.github.barman4j.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.cluster.ClusterBuilder;
import io.github.barman4j.cluster.ContainerServers;
import io.github.barman4j.cluster.LogMark;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.cluster.Site;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.it.TestDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ContainerClusterIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static ContainerServers servers;

  @BeforeAll
  static void requireDocker() {
    servers = TestDocker.newest();
  }

  @Test
  void startsWithDurableSettingsAndPasswordsAndTellsWhatIsLeft() {
    Site left;
    try (Site site = servers.open();
        Cluster cluster = site.cluster()
            .setting("search_path", "it's")
            .initdbOption("--wal-segsize=1")
            .start()) {
      left = site;
      for (String setting :
          new String[] {"fsync", "synchronous_commit", "full_page_writes", "data_checksums"}) {
        assertThat(cluster.show(setting)).as(setting).isEqualTo("on");
      }
      assertThat(cluster.show("search_path")).isEqualTo("it's");
      assertThat(cluster.show("wal_segment_size")).isEqualTo("1MB");
      assertThat(cluster.version()).startsWith("18.").isEqualTo(servers.version());
      assertThatThrownBy(
              () -> DriverManager.getConnection(cluster.jdbcUrl("postgres"), "postgres", "wrong"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
      assertThat(site.remains(Duration.ofMillis(100)))
          .anyMatch(line -> line.startsWith("folder "))
          .anyMatch(line -> line.startsWith("process "))
          .anyMatch(line -> line.startsWith("container "))
          .anyMatch(line -> line.startsWith("network "))
          .as("the official images declare a volume, which Docker might leave")
          .noneMatch(line -> line.startsWith("volume "));
    }
    assertThat(left.remains(SOON)).isEmpty();
  }

  @Test
  void refusesToMeasureWithoutFsync() {
    try (Site site = servers.open()) {
      ClusterBuilder<?> builder = site.cluster().setting("fsync", "off");
      assertThatThrownBy(builder::start)
          .isInstanceOf(BarmanException.class)
          .hasMessageContaining("fsync is off");
    }
  }

  @Test
  void survivesAKillOnTheSamePort() {
    Site left;
    try (Site site = servers.open();
        Cluster cluster = site.cluster().start()) {
      left = site;
      int port = cluster.port();
      cluster.execute("postgres", "CREATE TABLE kept AS SELECT 42 AS answer");
      long before = System.nanoTime();
      assertThat(cluster.kill()).isBetween(before, System.nanoTime());
      assertThat(cluster.isRunning()).isFalse();
      assertThat(cluster.log().linesWith("terminating")).isEmpty();

      cluster.start();
      assertThat(cluster.port()).isEqualTo(port);
      assertThat(cluster.log().has(LogMark.REDO_STARTS)).isTrue();
      assertThat(cluster.query("postgres", "SELECT answer FROM kept")).containsExactly("42");
      for (StopMode mode : StopMode.values()) {
        cluster.execute("postgres", "INSERT INTO kept VALUES (1)");
        cluster.stop(mode);
        assertThat(cluster.isRunning()).isFalse();
        cluster.start();
        assertThat(cluster.log().has(LogMark.REDO_STARTS)).isEqualTo(mode == StopMode.IMMEDIATE);
      }
      cluster.kill();
      cluster.deleteDataDirectory();
      assertThat(cluster.dataDirectory()).doesNotExist();
    }
    assertThat(left.remains(SOON)).isEmpty();
  }

  @Test
  void runsOnAnExistingDirectoryBesideAnotherServerThatItReaches() {
    try (Site site = servers.open();
        Cluster first = site.cluster().start()) {
      Path place = first.newFolder("place");
      first.execute(
          "postgres",
          "CREATE TABLESPACE elsewhere LOCATION '" + place + "'",
          "CREATE TABLE kept TABLESPACE elsewhere AS SELECT 42 AS answer",
          "CREATE EXTENSION IF NOT EXISTS dblink");
      assertThat(place).isNotEmptyDirectory();
      try (Cluster second = first.sibling().start()) {
        Cluster.Address address = second.addressForServers();
        assertThat(
                first.query(
                    "postgres",
                    "SELECT * FROM dblink('host=" + address.host() + " port=" + address.port()
                        + " user=postgres password=" + second.password().reveal()
                        + "', 'SELECT system_identifier::text FROM pg_control_system()') AS t(id text)"))
            .isEqualTo(
                second.query("postgres", "SELECT system_identifier FROM pg_control_system()"));
      }
      first.stop(StopMode.FAST);
      try (Cluster again = first
          .sibling()
          .existing(first.dataDirectory())
          .password(first.password())
          .setting("work_mem", "7MB")
          .start()) {
        assertThat(again.show("work_mem")).isEqualTo("7MB");
        assertThat(again.query("postgres", "SELECT answer FROM kept")).containsExactly("42");
      }
      assertThat(first.dataDirectory()).isDirectory();
    }
  }

  @Test
  void stopsOneOfTheServersProcessesWhereItIs() throws SQLException {
    try (Site site = servers.open();
        Cluster cluster = site.cluster().start();
        var held = cluster.connect("postgres");
        var statement = held.createStatement()) {
      long pid;
      try (var rows = statement.executeQuery("SELECT pg_backend_pid()")) {
        rows.next();
        pid = rows.getLong(1);
      }
      cluster.suspendProcess(pid);
      Thread asking = new Thread(() -> {
        try {
          statement.execute("SELECT 1");
        } catch (SQLException e) {
          // The server is killed below.
          Thread.currentThread().interrupt();
        }
      });
      asking.setDaemon(true);
      asking.start();
      assertThat(Poll.until(Duration.ofMillis(20), Duration.ofSeconds(1), () -> !asking.isAlive()))
          .as("it answers no more")
          .isFalse();
      assertThatThrownBy(() -> cluster.suspendProcess(99_999))
          .hasMessageContaining("process 99999 of the server's container could not be stopped");
      cluster.kill();
      assertThat(Poll.until(Duration.ofMillis(20), Duration.ofSeconds(20), () -> !asking.isAlive()))
          .isTrue();
    }
  }

  @Test
  void tellsTheServersOwnWordsWhenItDoesNotStart() {
    Site left;
    try (Site site = servers.open()) {
      left = site;
      ClusterBuilder<?> builder = site.cluster().setting("no_such_setting", "1");
      assertThatThrownBy(builder::start)
          .isInstanceOf(BarmanException.class)
          .hasMessageContaining("unrecognized configuration parameter \"no_such_setting\"");
    }
    assertThat(left.remains(SOON)).isEmpty();
  }

  @Test
  void removesEverythingAlsoWhenTheClusterIsNotClosedAndTheThreadInterrupted() {
    Site site = servers.open();
    Cluster cluster = site.cluster().start();
    Thread.currentThread().interrupt();
    site.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(site.remains(SOON)).isEmpty();
    assertThat(cluster.dataDirectory()).doesNotExist();
    assertThat(Files.exists(cluster.socketFolder())).isFalse();
  }

  @Test
  void refusesAnImageThatIsNotThere() {
    assertThatThrownBy(() -> ContainerServers.of("barman-it.invalid/none:1"))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.DRILL_DOCKER);
          assertThat(e.problem())
              .startsWith("image barman-it.invalid/none:1 is not there and cannot be pulled");
        });
  }
}
