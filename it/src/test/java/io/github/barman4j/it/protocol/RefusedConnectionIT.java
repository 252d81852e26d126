package io.github.barman4j.it.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.server.Finding;
import io.github.barman4j.server.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a server does not let the engine in, each with its own code and a hint. */
@Timeout(120)
class RefusedConnectionIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  static IntStream majors() {
    return TestPostgres.ends();
  }

  private static ReplicationConnection open(String url, String user, String password) {
    return ReplicationConnection.open(
        ConnectionSettings.of(url, user, Secret.of(password)), "test", TIMEOUT);
  }

  private static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(BarmanException.class, e -> {
      assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
      assertThat(e.hint()).isNotBlank();
      assertThat(e.getMessage()).doesNotContain("wrong-secret").doesNotContain("right-secret");
    });
  }

  @ParameterizedTest
  @MethodSource("majors")
  void hasItsOwnCode(int major) throws IOException {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.major(major))
        .setting("max_wal_senders", "2")
        .start()) {
      cluster.execute(
          "postgres",
          "create role plain login password 'right-secret'",
          "create role barman login replication password 'right-secret'");
      String url = cluster.jdbcUrl("postgres");

      assertFails(ErrorCode.AUTHENTICATION_FAILED, () -> open(url, "barman", "wrong-secret"));
      assertFails(ErrorCode.AUTHENTICATION_FAILED, () -> open(url, "nobody", "wrong-secret"));
      assertFails(
          ErrorCode.AUTHENTICATION_FAILED,
          () -> PostgresServer.connect(
              ConnectionSettings.of(url, "barman", Secret.of("wrong-secret"))));
      assertFails(ErrorCode.ROLE_WITHOUT_REPLICATION, () -> open(url, "plain", "right-secret"));
      assertFails(
          ErrorCode.CONNECTION_REJECTED,
          () -> PostgresServer.connect(ConnectionSettings.of(
              cluster.jdbcUrl("no_such_database"), "barman", Secret.of("right-secret"))));
      assertFails(
          ErrorCode.TLS_FAILED, () -> open(url + "?sslmode=require", "barman", "right-secret"));

      List<ReplicationConnection> senders = new ArrayList<>();
      try {
        senders.add(open(url, "barman", "right-secret"));
        senders.add(open(url, "barman", "right-secret"));
        assertFails(ErrorCode.NO_FREE_WAL_SENDER, () -> open(url, "barman", "right-secret"));
        try (PostgresServer server = PostgresServer.connect(
            ConnectionSettings.of(url, "barman", Secret.of("right-secret")))) {
          List<Finding> findings = server.preconditions();
          assertFails(ErrorCode.NO_FREE_WAL_SENDER, () -> Finding.requireAll(findings, "db:5432"));
        }
      } finally {
        senders.forEach(ReplicationConnection::close);
      }

      rejectReplication(cluster);
      assertFails(ErrorCode.CONNECTION_REJECTED, () -> open(url, "barman", "right-secret"));
      assertThatThrownBy(() -> open(url, "barman", "right-secret"))
          .hasMessageContaining("pg_hba.conf");
      try (PostgresServer server =
          PostgresServer.connect(ConnectionSettings.of(url, "barman", Secret.of("right-secret")))) {
        List<Finding> findings = server.preconditions();
        assertFails(ErrorCode.CONNECTION_REJECTED, () -> Finding.requireAll(findings, "db:5432"));
      }
    }
  }

  private static void rejectReplication(EmbeddedCluster cluster) throws IOException {
    Path hba = cluster.dataDirectory().resolve("pg_hba.conf");
    Files.writeString(hba, "host replication all all reject\n" + Files.readString(hba));
    cluster.execute("postgres", "select pg_reload_conf()");
    await().until(() -> {
      try (ReplicationConnection open = ReplicationConnection.open(
          ConnectionSettings.of(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password()),
          "test",
          TIMEOUT)) {
        return !open.isUsable();
      } catch (BarmanException e) {
        return true;
      }
    });
  }

  @ParameterizedTest
  @MethodSource("majors")
  void findsAServerWithoutWalForReplication(int major) {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.major(major))
            .setting("wal_level", "minimal")
            .setting("max_wal_senders", "0")
            .start();
        PostgresServer server = PostgresServer.connect(ConnectionSettings.of(
            cluster.jdbcUrl("postgres"), cluster.user(), cluster.password()))) {
      List<Finding> findings = server.preconditions();
      assertFails(ErrorCode.WAL_LEVEL_TOO_LOW, () -> Finding.requireAll(findings, "db:5432"));
      assertFails(
          ErrorCode.NO_FREE_WAL_SENDER,
          () -> ReplicationConnection.open(server.settings(), "test", TIMEOUT));
    }
  }

  @Test
  void findsARoleWithoutReplication() {
    try (EmbeddedCluster cluster =
        EmbeddedCluster.builder(TestPostgres.newest()).start()) {
      cluster.execute("postgres", "create role plain login password 'right-secret'");
      try (PostgresServer server = PostgresServer.connect(
          ConnectionSettings.of(cluster.jdbcUrl("postgres"), "plain", Secret.of("right-secret")))) {
        List<Finding> findings = server.preconditions();
        assertFails(
            ErrorCode.ROLE_WITHOUT_REPLICATION, () -> Finding.requireAll(findings, "db:5432"));
      }
    }
  }
}
