package io.github.barman4j.it.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.protocol.BaseBackupItem;
import io.github.barman4j.protocol.BaseBackupOptions;
import io.github.barman4j.protocol.BaseBackupStream;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.protocol.SystemIdentity;
import io.github.barman4j.protocol.WalMessage;
import io.github.barman4j.protocol.WalStream;
import io.github.barman4j.server.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SCRAM and TLS, whose certificate is for "localhost" alone; connections to 127.0.0.1 must be refused by verify-full. */
@ParameterizedClass(name = "PostgreSQL {0}")
@MethodSource("majors")
@Timeout(120)
class TlsIT {
  @TempDir
  static Path folder;

  private static SelfMadeAuthority authority;
  private static EmbeddedCluster cluster;

  @Parameter
  int major;

  static IntStream majors() {
    return TestPostgres.ends();
  }

  @BeforeParameterizedClassInvocation
  static void create(int major) throws IOException, GeneralSecurityException {
    authority = new SelfMadeAuthority(Files.createDirectory(folder.resolve("ca" + major)));
    cluster = EmbeddedCluster.builder(TestPostgres.major(major)).create();
    authority.equip(cluster.dataDirectory(), "localhost");
    Path hba = cluster.dataDirectory().resolve("pg_hba.conf");
    Files.writeString(
        hba,
        "hostnossl replication all all reject\nhostnossl all barman all reject\n"
            + Files.readString(hba));
    Path configuration = cluster.dataDirectory().resolve("postgresql.conf");
    Files.writeString(configuration, Files.readString(configuration) + "ssl = on\n");
    cluster.start();
  }

  @AfterParameterizedClassInvocation
  static void remove() {
    cluster.close();
  }

  private static ConnectionSettings settings(String host, int port, String options) {
    return ConnectionSettings.of(
        "jdbc:postgresql://" + host + ":" + port + "/postgres?" + options,
        cluster.user(),
        cluster.password());
  }

  private static ReplicationConnection open(ConnectionSettings settings) {
    return ReplicationConnection.open(settings, "test", Duration.ofSeconds(10));
  }

  private static String verifyFull() {
    return "sslmode=verify-full&sslrootcert=" + authority.certificate();
  }

  @Test
  void connectsWithAVerifiedCertificateAndChannelBinding() {
    ConnectionSettings settings =
        settings("localhost", cluster.port(), verifyFull() + "&channelBinding=require");
    try (ReplicationConnection connection = open(settings);
        PostgresServer server = PostgresServer.connect(settings)) {
      assertThat(connection.isEncrypted()).isTrue();
      assertThat(connection.identifySystem().systemIdentifier())
          .isEqualTo(server.facts().systemIdentifier());
      assertThat(server.preconditions()).allMatch(finding -> finding.passed());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sslmode=require",
        "sslmode=prefer",
        "",
        "sslfactory=org.postgresql.ssl.NonValidatingFactory&sslmode=require"
      })
  void encryptsWithEveryOtherMode(String options) {
    try (ReplicationConnection connection = open(settings("127.0.0.1", cluster.port(), options))) {
      assertThat(connection.isEncrypted()).isTrue();
      connection.identifySystem();
    }
  }

  @Test
  void readsABaseBackupThroughTls() {
    try (ReplicationConnection connection =
            open(settings("localhost", cluster.port(), verifyFull()));
        BaseBackupStream backup =
            connection.baseBackup(BaseBackupOptions.labelled("tls"), () -> {})) {
      long bytes = 0;
      for (BaseBackupItem item = backup.next(); item != null; item = backup.next()) {
        bytes += item instanceof BaseBackupItem.Data data ? data.bytes().remaining() : 0;
      }
      assertThat(bytes).isGreaterThan(backup.estimatedBytes());
      assertThat(backup.end()).isGreaterThan(backup.start());
    }
  }

  @Test
  void losesNothingWhenTheTimeIsUpInTheMiddleOfARecord() throws IOException {
    SystemIdentity identity;
    try (ReplicationConnection direct = open(settings("localhost", cluster.port(), verifyFull()))) {
      identity = direct.identifySystem();
    }
    cluster.execute(
        "postgres", "create table cut as select * from generate_series(1, 300)", "drop table cut");
    try (CuttingProxy proxy = new CuttingProxy(cluster.port(), 700, 3);
        ReplicationConnection connection =
            open(settings("localhost", proxy.port(), verifyFull()))) {
      Lsn end = connection.identifySystem().flushed();
      WalStream stream = connection.startReplication(null, identity.flushed(), identity.timeline());
      Lsn expected = identity.flushed();
      int empty = 0;
      while (expected.isBefore(end)) {
        WalMessage message = stream.poll(Duration.ofMillis(1));
        if (message instanceof WalMessage.WalData data) {
          assertThat(data.start()).isEqualTo(expected);
          expected = data.end();
        } else if (message == null) {
          empty++;
        }
      }
      assertThat(empty).isPositive();
    }
  }

  @Test
  void canBeClosedWhileAnotherThreadWaitsForTheServer() throws Exception {
    ReplicationConnection connection = open(settings("localhost", cluster.port(), verifyFull()));
    SystemIdentity identity = connection.identifySystem();
    WalStream stream = connection.startReplication(null, identity.flushed(), identity.timeline());
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
      while (true) {
        stream.poll(Duration.ofSeconds(30));
      }
    });
    cluster.execute("postgres", "select pg_sleep(0.2)");
    connection.close();
    assertThat(waiting)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .withMessageContaining("closed on this side");
  }

  @Test
  void refusesAServerOfAnotherName() {
    assertTlsFails(settings("127.0.0.1", cluster.port(), verifyFull()), "127.0.0.1");
  }

  @Test
  void refusesAnAuthorityThatIsNotTrusted() throws IOException, GeneralSecurityException {
    Path other = folder.resolve("other" + cluster.port());
    Path certificate = new SelfMadeAuthority(Files.createDirectory(other)).certificate();
    assertTlsFails(
        settings("localhost", cluster.port(), "sslmode=verify-full&sslrootcert=" + certificate),
        "trust anchors");
  }

  @Test
  void saysThatTheAuthoritysFileIsMissing() {
    assertTlsFails(
        settings("localhost", cluster.port(), "sslmode=verify-ca&sslrootcert=/no/such/root.crt"),
        "/no/such/root.crt");
  }

  @Test
  void saysThatTheServerWantsTls() {
    assertThatThrownBy(() -> open(settings("127.0.0.1", cluster.port(), "sslmode=disable")))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION_REJECTED))
        .hasMessageContaining("no encryption");
  }

  private static void assertTlsFails(ConnectionSettings settings, String text) {
    assertThatThrownBy(() -> open(settings))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TLS_FAILED))
        .hasMessageContaining(text);
    assertThatThrownBy(() -> PostgresServer.connect(settings))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TLS_FAILED));
  }
}
