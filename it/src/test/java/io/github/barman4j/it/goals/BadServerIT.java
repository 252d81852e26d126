package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.protocol.FakePostgres;
import io.github.barman4j.protocol.ReplicationConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that is not as it should be, for every goal that needs one: code, what was tried on what, what was found, and a hint. */
@Timeout(120)
class BadServerIT {
  private static final List<String> CHANGING = List.of("backup", "receive-wal", "switch-wal");
  private static final Duration CONNECT = Duration.ofSeconds(10);

  @TempDir
  private static Path folder;

  private static EmbeddedCluster server;
  private static EmbeddedCluster minimal;
  private static EmbeddedCluster other;
  private static FakePostgres old;

  /**
   * What is wrong, and what a goal says to it.
   *
   * @param parts what the problem must name
   */
  record Fault(String what, String goal, CalledGoals goals, String code, List<String> parts) {
    @Override
    public String toString() {
      return goal + ": " + what;
    }
  }

  @BeforeAll
  static void startServers() throws IOException {
    server = EmbeddedCluster.builder(TestPostgres.newest())
        .setting("max_wal_senders", "2")
        .start();
    minimal = EmbeddedCluster.builder(TestPostgres.newest())
        .setting("wal_level", "minimal")
        .setting("max_wal_senders", "0")
        .start();
    other = EmbeddedCluster.builder(TestPostgres.oldest()).start();
    server.execute("postgres", "CREATE ROLE plain LOGIN PASSWORD 'plain'");
    old = FakePostgres.with(session -> {}, Map.of("server_version", "14.12"), session -> {});
    CalledGoals.in(folder.resolve("theirs")).on(server).run("backup");
  }

  @AfterAll
  static void stopServers() throws IOException {
    old.close();
    minimal.close();
    other.close();
    server.close();
  }

  private static CalledGoals at(String folderName) {
    return CalledGoals.in(folder.resolve(folderName));
  }

  private static CalledGoals url(String url) {
    return at("new").with("barman.url=" + url, "barman.user=postgres", "barman.password=x");
  }

  static Stream<Fault> faults() {
    String here = "127.0.0.1:" + server.port();
    List<Fault> faults = new ArrayList<>();
    for (String goal : CHANGING) {
      faults.add(new Fault(
          "wrong password",
          goal,
          at("new").on(server, "postgres", "not-the-password"),
          "BRM-111",
          List.of(here, "password authentication failed for user \"postgres\"")));
      faults.add(new Fault(
          "no such role",
          goal,
          at("new").on(server, "nobody", "x"),
          "BRM-111",
          List.of(here, "\"nobody\"")));
      // A replication connection has no database.
      if (!goal.equals("receive-wal")) {
        faults.add(new Fault(
            "no such database",
            goal,
            at("new").on(server).with("barman.url=" + server.jdbcUrl("nowhere")),
            "BRM-113",
            List.of(here, "database \"nowhere\" does not exist")));
      }
      faults.add(new Fault(
          "no such host",
          goal,
          url("jdbc:postgresql://no-such-host.invalid:5432/postgres"),
          "BRM-112",
          List.of("no-such-host.invalid")));
      faults.add(new Fault(
          "nobody listens",
          goal,
          url("jdbc:postgresql://127.0.0.1:1/postgres"),
          "BRM-110",
          List.of("127.0.0.1:1", "refused")));
      faults.add(new Fault(
          "no TLS",
          goal,
          at("new")
              .on(server)
              .with("barman.url=" + server.jdbcUrl("postgres") + "?sslmode=require"),
          "BRM-114",
          List.of(here)));
      faults.add(new Fault(
          "version 14",
          goal,
          url("jdbc:postgresql://127.0.0.1:" + old.port() + "/postgres"),
          "BRM-202",
          List.of("PostgreSQL 14.12")));
      faults.add(new Fault(
          "an option that the engine sets",
          goal,
          url(server.jdbcUrl("postgres") + "?replication=true"),
          "BRM-101",
          List.of("replication")));
      faults.add(new Fault(
          "no JDBC URL",
          goal,
          url("postgres://localhost"),
          "BRM-101",
          List.of("does not begin with jdbc:postgresql:")));
    }
    for (String goal : List.of("backup", "receive-wal")) {
      faults.add(new Fault(
          "a role without REPLICATION",
          goal,
          at("new").on(server, "plain", "plain"),
          "BRM-203",
          List.of(here)));
      faults.add(new Fault(
          "a repository of another cluster",
          goal,
          at("theirs").on(other),
          "BRM-304",
          List.of("system identifier", "'main' in the repository has")));
    }
    faults.add(new Fault(
        "wal_level=minimal",
        "backup",
        at("new").on(minimal),
        "BRM-204",
        List.of("wal_level", "minimal", "127.0.0.1:" + minimal.port())));
    faults.add(new Fault(
        "wal_level=minimal",
        "switch-wal",
        at("new").on(minimal),
        "BRM-204",
        List.of("wal_level", "minimal", "127.0.0.1:" + minimal.port())));
    faults.add(new Fault(
        "max_wal_senders=0",
        "receive-wal",
        at("new").on(minimal),
        "BRM-205",
        List.of("127.0.0.1:" + minimal.port())));
    faults.add(new Fault(
        "a repository of another cluster",
        "switch-wal",
        at("theirs").on(other).with("barman.waitArchived=true"),
        "BRM-304",
        List.of("system identifier", "'main' in the repository has")));
    return faults.stream();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isSaidByEveryGoal(Fault fault) {
    String message = fault.goals().broken(fault.goal(), "barman.receive.duration=PT20S");
    assertSays(message, fault.code(), fault.parts());
    assertThat(folder.resolve("new/repository/main/backups")).doesNotExist();
  }

  static Stream<Fault> faultsOfBackups() {
    return faults().filter(fault -> fault.goal().equals("backup"));
  }

  /** A goal that looks has an answer all the same. */
  @ParameterizedTest
  @MethodSource("faultsOfBackups")
  void isSaidByGoalsThatLook(Fault fault) {
    JsonNode checked = fault.goals().answer("check");
    assertThat(fault.goals().bad("check")).startsWith("BRM-219: server 'main': ");
    if (!fault.code().matches("BRM-(1..|202)")) {
      return;
    }
    assertThat(String.join("\n", checked.findValuesAsText("found")))
        .contains(fault.parts().get(0));
    JsonNode status = fault.goals().answer("status");
    if (status.has("liveProblem")) {
      assertThat(status.get("liveProblem").get("problem").asText())
          .contains(fault.parts().get(0));
    }
  }

  @Test
  void aFullServerIsSaid() {
    List<ReplicationConnection> senders = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        senders.add(ReplicationConnection.open(
            ConnectionSettings.of(server.jdbcUrl("postgres"), server.user(), server.password()),
            "test",
            CONNECT));
      }
      for (String goal : List.of("backup", "receive-wal")) {
        assertSays(
            at("new").on(server).broken(goal), "BRM-205", List.of("127.0.0.1:" + server.port()));
      }
      JsonNode check = at("new").on(server).answer("check");
      assertThat(check.get("passed").asBoolean()).isFalse();
      assertThat(check.findValuesAsText("found")).contains("2 of 2 in use");
    } finally {
      senders.forEach(ReplicationConnection::close);
    }
  }

  @Test
  void aSlotThatIsTakenOrMissingIsSaid() throws Exception {
    assertSays(
        at("new").on(server).broken("receive-wal", "barman.createSlot=false"),
        "BRM-207",
        List.of("no replication slot 'barman'"));
    assertSays(
        at("new").on(server).broken("receive-wal", "barman.slot=With-Capital"),
        "BRM-102",
        List.of("'With-Capital' is not a name for a replication slot"));
    assertSays(
        at("new").on(server).broken("receive-wal", "barman.synchronous=true"),
        "BRM-210",
        List.of("synchronous_standby_names", "'barman'"));
    Thread first = new Thread(
        () -> at("first").on(server).run("receive-wal", "barman.receive.duration=PT30S"));
    first.start();
    try {
      Awaitility.await()
          .until(() -> server
              .query("postgres", "SELECT active::text FROM pg_replication_slots")
              .contains("true"));
      assertSays(
          at("new").on(server).broken("receive-wal"),
          "BRM-206",
          List.of("slot", "barman", "127.0.0.1:" + server.port()));
    } finally {
      first.interrupt();
      first.join();
      server.execute("postgres", "SELECT pg_drop_replication_slot('barman')");
    }
  }

  private static void assertSays(String message, String code, List<String> parts) {
    assertThat(message).startsWith(code + ": ").contains("\nHINT: ");
    String problem = message.substring(0, message.indexOf("\nHINT: "));
    String hint = message.substring(message.indexOf("\nHINT: ") + 7);
    assertThat(problem).contains(parts);
    assertThat(hint).isNotBlank().hasSizeGreaterThan(15);
  }
}
