package io.github.barman4j.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.cluster.ClusterBuilder;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.LogMark;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.it.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddedClusterIT {

  @Test
  void startsWithDurableSettingsAndPasswords() {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.newest())
        .setting("wal_level", "logical")
        .setting("search_path", "it's")
        .start()) {
      assertThat(cluster.show("fsync")).isEqualTo("on");
      assertThat(cluster.show("synchronous_commit")).isEqualTo("on");
      assertThat(cluster.show("full_page_writes")).isEqualTo("on");
      assertThat(cluster.show("data_checksums")).isEqualTo("on");
      assertThat(cluster.show("wal_level")).isEqualTo("logical");
      assertThat(cluster.show("search_path")).isEqualTo("it's");
      assertThatThrownBy(
              () -> DriverManager.getConnection(cluster.jdbcUrl("postgres"), "postgres", "wrong"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
    }
  }

  @Test
  void refusesToMeasureWithoutFsync() {
    ClusterBuilder<EmbeddedCluster> builder =
        EmbeddedCluster.builder(TestPostgres.newest()).setting("fsync", "off");
    assertThatThrownBy(builder::start)
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("fsync is off");
  }

  @Test
  void survivesAKillAndLeavesNothing() throws SQLException {
    Path data;
    List<Long> processes;
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.oldest())
        .initdbOption("--wal-segsize=1")
        .start()) {
      data = cluster.dataDirectory();
      cluster.execute("postgres", "CREATE TABLE kept AS SELECT 42 AS answer");
      processes = ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
      long before = System.nanoTime();
      assertThat(cluster.kill()).isBetween(before, System.nanoTime());
      assertThat(cluster.isRunning()).isFalse();
      assertThat(cluster.log().linesWith("terminating")).isEmpty();

      cluster.start();
      assertThat(cluster.log().has(LogMark.REDO_STARTS)).isTrue();
      try (Connection connection = cluster.connect("postgres");
          var rows = connection.createStatement().executeQuery("SELECT answer FROM kept")) {
        assertThat(rows.next()).isTrue();
      }
      assertThat(cluster.show("wal_segment_size")).isEqualTo("1MB");
      cluster.kill();
      cluster.deleteDataDirectory();
      assertThat(data).doesNotExist();
    }
    assertThat(data.getParent()).doesNotExist();
    assertThat(processes)
        .isNotEmpty()
        .noneMatch(pid -> ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .flatMap(process -> process.info().command())
            .filter(command -> command.endsWith("/postgres"))
            .isPresent());
  }

  @Test
  void runsOnAnExistingDataDirectoryAndKeepsIt() {
    try (EmbeddedCluster first = EmbeddedCluster.builder(TestPostgres.newest()).start()) {
      first.execute("postgres", "CREATE TABLE kept AS SELECT 42 AS answer");
      first.stop(StopMode.FAST);
      try (EmbeddedCluster second = EmbeddedCluster.builder(TestPostgres.newest())
          .existing(first.dataDirectory())
          .password(first.password())
          .setting("work_mem", "7MB")
          .start()) {
        assertThat(second.show("work_mem")).isEqualTo("7MB");
        second.execute("postgres", "SELECT answer FROM kept");
        assertThat(second.log().nanosOf(LogMark.READY)).isPresent();
      }
      assertThat(first.dataDirectory()).isDirectory();
    }
  }

  @Test
  void tellsTheServersOwnWordsWhenItDoesNotStart() {
    ClusterBuilder<EmbeddedCluster> builder =
        EmbeddedCluster.builder(TestPostgres.newest()).setting("no_such_setting", "1");
    assertThatThrownBy(builder::start)
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("unrecognized configuration parameter \"no_such_setting\"");
  }
}
