package io.github.barman4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.server.Finding.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PreconditionsTest {
  /** A server with nothing to complain about, but for what a test says. */
  private record Server(
      int version,
      String walLevel,
      int senders,
      int slots,
      boolean mayReplicate,
      boolean fullPageWrites,
      boolean checksums,
      boolean standby) {

    static final Server GOOD = new Server(170_002, "replica", 10, 10, true, true, true, false);

    ServerFacts facts() {
      return new ServerFacts(
          new PostgresVersion(version),
          new SystemIdentifier(42),
          WalSegmentSize.DEFAULT,
          Optional.empty(),
          checksums,
          standby,
          "backup",
          mayReplicate,
          walLevel,
          new ServerFacts.Usage(10, 10 - senders),
          new ServerFacts.Usage(10, 10 - slots),
          fullPageWrites,
          "",
          List.of(),
          Set.of());
    }
  }

  @Test
  void findsNothingWrongWithAGoodServer() {
    assertThat(Preconditions.of(Server.GOOD.facts()))
        .hasSize(8)
        .allMatch(finding -> finding.level() == Level.PASSED && finding.hint().isEmpty());
  }

  static Stream<Arguments> findings() {
    return Stream.of(
        Arguments.of(
            new Server(140_009, "replica", 10, 10, true, true, true, false),
            "PostgreSQL version",
            Level.FAILED,
            ErrorCode.SERVER_VERSION_UNSUPPORTED),
        Arguments.of(
            new Server(190_000, "replica", 10, 10, true, true, true, false),
            "PostgreSQL version",
            Level.WARNING,
            ErrorCode.PRECONDITION_FAILED),
        Arguments.of(
            new Server(170_000, "minimal", 10, 10, true, true, true, false),
            "wal_level",
            Level.FAILED,
            ErrorCode.WAL_LEVEL_TOO_LOW),
        Arguments.of(
            new Server(170_000, "logical", 0, 10, true, true, true, false),
            "max_wal_senders",
            Level.FAILED,
            ErrorCode.NO_FREE_WAL_SENDER),
        Arguments.of(
            new Server(170_000, "logical", 1, 10, true, true, true, false),
            "max_wal_senders",
            Level.WARNING,
            ErrorCode.PRECONDITION_FAILED),
        Arguments.of(
            new Server(170_000, "replica", 10, 0, true, true, true, false),
            "max_replication_slots",
            Level.WARNING,
            ErrorCode.PRECONDITION_FAILED),
        Arguments.of(
            new Server(170_000, "replica", 10, 10, false, true, true, false),
            "replication role",
            Level.FAILED,
            ErrorCode.ROLE_WITHOUT_REPLICATION),
        Arguments.of(
            new Server(170_000, "replica", 10, 10, true, false, true, false),
            "full_page_writes",
            Level.WARNING,
            ErrorCode.PRECONDITION_FAILED),
        Arguments.of(
            new Server(170_000, "replica", 10, 10, true, true, false, false),
            "data_checksums",
            Level.WARNING,
            ErrorCode.PRECONDITION_FAILED),
        Arguments.of(
            new Server(170_000, "replica", 10, 10, true, true, true, true),
            "server",
            Level.WARNING,
            ErrorCode.PRECONDITION_FAILED));
  }

  @ParameterizedTest
  @MethodSource("findings")
  void findsOneThingAndSaysWhatToDo(Server server, String name, Level level, ErrorCode code) {
    List<Finding> wrong = Preconditions.of(server.facts()).stream()
        .filter(finding -> finding.level() != Level.PASSED)
        .toList();
    assertThat(wrong).hasSize(1);
    assertThat(wrong.get(0).name()).isEqualTo(name);
    assertThat(wrong.get(0).level()).isEqualTo(level);
    assertThat(wrong.get(0).code()).isEqualTo(code);
    assertThat(wrong.get(0).hint()).isNotEmpty();
  }

  @Test
  void refusesAStandbyWithoutFullPageWrites() {
    Server server = new Server(170_000, "replica", 10, 10, true, false, true, true);
    assertThat(Preconditions.of(server.facts()))
        .anyMatch(f -> f.name().equals("full_page_writes") && !f.passed());
  }

  @Test
  void throwsTheFirstThatFailed() {
    List<Finding> findings =
        Preconditions.of(new Server(170_000, "minimal", 0, 10, true, true, true, true).facts());
    assertThatThrownBy(() -> Finding.requireAll(findings, "db:5432"))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_LEVEL_TOO_LOW))
        .hasMessageContaining("minimal");
    Finding.requireAll(Preconditions.of(Server.GOOD.facts()), "db:5432");
  }
}
