package io.github.barman4j.protocol;

import static io.github.barman4j.protocol.Messages.error;
import static io.github.barman4j.protocol.Messages.int32;
import static io.github.barman4j.protocol.Messages.message;
import static io.github.barman4j.protocol.ReplicationConnectionTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ServerConnectorTest {
  private static final FakePostgres.Script NOTHING = FakePostgres.Session::awaitEnd;

  private static ReplicationConnection open(String url) {
    return open(ConnectionSettings.of(url));
  }

  private static ReplicationConnection open(ConnectionSettings settings) {
    return ReplicationConnection.open(settings, "test", Duration.ofSeconds(2));
  }

  private static String url(String options, FakePostgres... servers) {
    StringBuilder hosts = new StringBuilder();
    for (FakePostgres server : servers) {
      hosts.append(hosts.isEmpty() ? "" : ",").append("127.0.0.1:").append(server.port());
    }
    return "jdbc:postgresql://" + hosts + "/db?user=fake&sslmode=disable" + options;
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void saysThatTheHostIsUnknown() {
    assertFails(
        ErrorCode.HOST_UNKNOWN, () -> open("jdbc:postgresql://no-such-host.invalid/db?user=fake"));
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int port = unusedPort();
    assertThatThrownBy(() -> open("jdbc:postgresql://127.0.0.1:" + port + "/db?user=fake"))
        .hasMessageContaining("127.0.0.1:" + port)
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION_FAILED));
  }

  @Test
  void givesUpOnAServerThatAcceptsAndSaysNothing() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      assertFails(
          ErrorCode.CONNECTION_FAILED,
          () -> open("jdbc:postgresql://127.0.0.1:" + mute.getLocalPort()
              + "/db?user=fake&sslmode=disable"));
    }
  }

  @Test
  void refusesAServerThatIsTooOld() throws IOException {
    try (FakePostgres server =
        FakePostgres.with(session -> {}, Map.of("server_version", "14.12"), NOTHING)) {
      assertThatThrownBy(server::connect)
          .hasMessageContaining("PostgreSQL 14.12")
          .isInstanceOfSatisfying(
              BarmanException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVER_VERSION_UNSUPPORTED));
    }
  }

  @Test
  void takesAServerThatIsNewerThanThisRelease() throws IOException {
    try (FakePostgres server =
            FakePostgres.with(session -> {}, Map.of("server_version", "19beta1"), NOTHING);
        ReplicationConnection connection = server.connect()) {
      assertThat(connection.serverVersion()).hasToString("19.0");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "28P01, AUTHENTICATION_FAILED",
    "28000, CONNECTION_REJECTED",
    "3D000, CONNECTION_REJECTED",
    "42501, ROLE_WITHOUT_REPLICATION",
    "53300, NO_FREE_WAL_SENDER",
    "57P03, SERVER_NOT_READY",
    "XX000, SERVER_ERROR"
  })
  void saysWhyTheServerDoesNotLetIn(String sqlState, ErrorCode code) throws IOException {
    FakePostgres.Script refusal = session -> {
      session.send(error("FATAL", sqlState, "go away"));
      throw new IOException("refused");
    };
    try (FakePostgres server = FakePostgres.with(refusal, Map.of(), NOTHING)) {
      assertThatThrownBy(server::connect)
          .hasMessageContaining("go away")
          .isInstanceOfSatisfying(ServerErrorException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.sqlState()).isEqualTo(sqlState);
            assertThat(e.hint()).isNotEmpty();
          });
    }
  }

  @Test
  void saysThatTheServerHasNoTls() throws IOException {
    try (FakePostgres server = FakePostgres.that(NOTHING)) {
      assertFails(
          ErrorCode.TLS_FAILED,
          () -> open(
              "jdbc:postgresql://127.0.0.1:" + server.port() + "/db?user=fake&sslmode=require"));
    }
  }

  @Test
  void saysThatTheAuthoritysCertificateIsNotThere() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread sslServer = new Thread(() -> {
        try (var socket = listener.accept()) {
          socket.getInputStream().readNBytes(8);
          socket.getOutputStream().write('S');
          socket.getInputStream().read();
        } catch (IOException e) {
          // the client is gone
        }
      });
      sslServer.start();
      assertThatThrownBy(() -> open("jdbc:postgresql://127.0.0.1:" + listener.getLocalPort()
              + "/db?user=fake&sslmode=verify-full&sslrootcert=/no/such/file"))
          .hasMessageContaining("/no/such/file")
          .isInstanceOfSatisfying(
              BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TLS_FAILED));
    }
  }

  @Test
  void usesASocketFactoryOfTheUsers() throws IOException {
    CountingSocketFactory.made.set(0);
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(Messages.identity());
        });
        ReplicationConnection connection =
            server.connect("&socketFactory=" + CountingSocketFactory.class.getName())) {
      assertThat(connection.identifySystem().timeline().id()).isOne();
      assertThat(CountingSocketFactory.made).hasValue(1);
    }
    try (FakePostgres server = FakePostgres.that(NOTHING)) {
      assertThatThrownBy(() -> server.connect("&socketFactory=no.such.Factory"))
          .hasMessageContaining("no.such.Factory");
    }
  }

  @Nested
  class WithSeveralHosts {
    private FakePostgres server(boolean standby) throws IOException {
      return FakePostgres.with(
          session -> {}, Map.of("in_hot_standby", standby ? "on" : "off"), NOTHING);
    }

    @Test
    void takesTheFirstThatAnswers() throws IOException {
      try (FakePostgres second = server(false)) {
        String url = "jdbc:postgresql://127.0.0.1:" + unusedPort() + ",127.0.0.1:" + second.port()
            + "/db?user=fake&sslmode=disable";
        try (ReplicationConnection connection = open(url)) {
          assertThat(connection.settings().hostAndPort()).isEqualTo("127.0.0.1:" + second.port());
        }
      }
    }

    @ParameterizedTest
    @CsvSource({"primary, false", "secondary, true", "preferPrimary, false", "preferSecondary, true"
    })
    void takesTheOneOfTheWantedRole(String type, boolean standby) throws IOException {
      try (FakePostgres first = server(!standby);
          FakePostgres second = server(standby);
          ReplicationConnection connection =
              open(url("&targetServerType=" + type, first, second))) {
        assertThat(connection.isStandby()).isEqualTo(standby);
        assertThat(connection.settings().hostAndPort()).isEqualTo("127.0.0.1:" + second.port());
      }
    }

    @Test
    void takesAnotherWhereARoleIsOnlyPreferred() throws IOException {
      try (FakePostgres only = server(false);
          ReplicationConnection connection = open(url("&targetServerType=preferSecondary", only))) {
        assertThat(connection.isStandby()).isFalse();
      }
    }

    @Test
    void saysOfEachWhyItWillNotDo() throws IOException {
      try (FakePostgres standby = server(true);
          FakePostgres old =
              FakePostgres.with(session -> {}, Map.of("server_version", "14.0"), NOTHING)) {
        assertThatThrownBy(() -> open(url("&targetServerType=primary", standby, old)))
            .hasMessageContaining("127.0.0.1:" + standby.port() + " is a standby")
            .hasMessageContaining("PostgreSQL 14.0");
      }
    }
  }

  @Nested
  class WithAPassword {
    private final BlockingQueue<String> given = new LinkedBlockingQueue<>();

    @AfterEach
    void forgetTheFile() {
      System.clearProperty("org.postgresql.pgpassfile");
    }

    private FakePostgres server() throws IOException {
      FakePostgres.Script authentication = session -> {
        session.send(message('R', int32(3)));
        byte[] password = session.expect('p');
        given.add(new String(password, 0, password.length - 1, StandardCharsets.UTF_8));
      };
      return FakePostgres.with(authentication, Map.of(), NOTHING);
    }

    @Test
    void givesItToTheServer() throws Exception {
      try (FakePostgres server = server();
          ReplicationConnection connection = open(ConnectionSettings.of(
              "jdbc:postgresql://127.0.0.1:" + server.port() + "/db?sslmode=disable",
              "fake",
              Secret.of("s3cret")))) {
        assertThat(given.take()).isEqualTo("s3cret");
        assertThat(connection.settings().toString()).doesNotContain("s3cret");
      }
    }

    @Test
    void takesTheReplicationEntryOfAPgpassFileBeforeTheDatabases(@TempDir Path folder)
        throws Exception {
      try (FakePostgres server = server()) {
        Path file = folder.resolve("pgpass");
        Files.writeString(
            file,
            "127.0.0.1:" + server.port() + ":db:fake:of-the-database\n127.0.0.1:" + server.port()
                + ":replication:fake:of-replication\n");
        System.setProperty("org.postgresql.pgpassfile", file.toString());
        open(url("", server)).close();
        assertThat(given.take()).isEqualTo("of-replication");
        Files.writeString(file, "*:" + server.port() + ":db:fake:of-the-database\n");
        open(url("", server)).close();
        assertThat(given.take()).isEqualTo("of-the-database");
      }
    }

    @Test
    void matchesAPgpassFileHostByHost(@TempDir Path folder) throws Exception {
      try (FakePostgres server = server()) {
        Path file = folder.resolve("pgpass");
        Files.writeString(file, "127.0.0.1:" + server.port() + ":*:fake:hers\n");
        System.setProperty("org.postgresql.pgpassfile", file.toString());
        open("jdbc:postgresql://127.0.0.1:" + unusedPort() + ",127.0.0.1:" + server.port()
                + "/db?user=fake&sslmode=disable")
            .close();
        assertThat(given.take()).isEqualTo("hers");
      }
    }

    @Test
    void saysThatThereIsNone() throws IOException {
      try (FakePostgres server = server()) {
        System.setProperty("org.postgresql.pgpassfile", "/no/such/file");
        assertFails(ErrorCode.AUTHENTICATION_FAILED, () -> open(url("", server)));
      }
    }
  }
}
