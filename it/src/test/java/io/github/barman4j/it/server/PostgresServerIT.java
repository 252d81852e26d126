package io.github.barman4j.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.Secret;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.server.ConfigurationFile;
import io.github.barman4j.server.Finding;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.server.ServerFacts;
import io.github.barman4j.server.StoredConfiguration;
import io.github.barman4j.server.WireCompression;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that keeps pg_hba.conf and an included folder outside its data directory, as Debian's do. */
@ParameterizedClass(name = "PostgreSQL {0}")
@MethodSource("majors")
@Timeout(120)
class PostgresServerIT {
  private static EmbeddedCluster cluster;
  private static Path outside;

  @Parameter
  int major;

  static IntStream majors() {
    return TestPostgres.majors();
  }

  @BeforeParameterizedClassInvocation
  static void create(int major) throws IOException {
    cluster = EmbeddedCluster.builder(TestPostgres.major(major))
        .initdbOption("--wal-segsize=64")
        .setting("statement_timeout", "12345")
        .setting("timezone", "Asia/Tokyo")
        .create();
    outside = cluster.newFolder("etc");
    Path data = cluster.dataDirectory();
    Files.copy(data.resolve("pg_hba.conf"), outside.resolve("pg_hba.conf"));
    Path included = Files.createDirectory(outside.resolve("conf.d"));
    Files.writeString(included.resolve("mine.conf"), "work_mem = '7MB'\n");
    for (Path path :
        List.of(outside.resolve("pg_hba.conf"), included, included.resolve("mine.conf"))) {
      Files.setOwner(path, Files.getOwner(data));
    }
    Path configuration = data.resolve("postgresql.conf");
    Files.writeString(
        configuration,
        Files.readString(configuration) + "hba_file = '" + outside.resolve("pg_hba.conf")
            + "'\ninclude_dir = '" + included + "'\n");
    cluster.start();
    cluster.execute("postgres", "create role backup login replication password 'pw'");
  }

  @AfterParameterizedClassInvocation
  static void remove() {
    cluster.close();
  }

  private static PostgresServer superuser() {
    return PostgresServer.connect(
        ConnectionSettings.of(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password()));
  }

  private static PostgresServer backupRole() {
    return PostgresServer.connect(
        ConnectionSettings.of(cluster.jdbcUrl("postgres"), "backup", Secret.of("pw")));
  }

  @Test
  void tellsWhatItIsToAnyRole() {
    try (PostgresServer server = backupRole();
        PostgresServer more = superuser()) {
      ServerFacts facts = server.facts();
      assertThat(facts.version().major()).isEqualTo(major);
      assertThat(facts.version()).isEqualTo(server.version());
      assertThat(facts.walSegmentSize()).isEqualTo(new WalSegmentSize(64 << 20));
      assertThat(facts.dataChecksums()).isTrue();
      assertThat(facts.standby()).isFalse();
      assertThat(facts.role()).isEqualTo("backup");
      assertThat(facts.mayReplicate()).isTrue();
      assertThat(facts.walSenders()).isEqualTo(new ServerFacts.Usage(10, 0));
      assertThat(facts.wireCompressions())
          .contains(WireCompression.NONE, WireCompression.GZIP)
          .doesNotContain(WireCompression.ZSTD);
      assertThat(facts.dataDirectory()).isEmpty();
      assertThat(more.facts().dataDirectory()).contains(cluster.dataDirectory().toString());
      assertThat(more.facts().systemIdentifier()).isEqualTo(facts.systemIdentifier());
    }
  }

  @Test
  void meetsEveryPreconditionUpToTheReplicationConnection() {
    try (PostgresServer server = backupRole()) {
      assertThat(server.preconditions())
          .allMatch(finding -> finding.level() == Finding.Level.PASSED)
          .extracting(Finding::name)
          .contains("wal_level", "replication connection");
    }
  }

  @Test
  void hasAClock() {
    try (PostgresServer server = backupRole()) {
      assertThat(Duration.between(server.clock(), Instant.now()).abs())
          .isLessThan(Duration.ofMinutes(1));
    }
  }

  @Test
  void isNotEndedByAnIdleTimeout() {
    cluster.execute(
        "postgres", "alter system set idle_session_timeout = '500ms'", "select pg_reload_conf()");
    try (PostgresServer server = backupRole();
        ReplicationConnection connection =
            ReplicationConnection.open(server.settings(), "test", Duration.ofSeconds(10))) {
      cluster.execute("postgres", "select pg_sleep(1)");
      assertThat(server.facts().systemIdentifier())
          .isEqualTo(connection.identifySystem().systemIdentifier());
    } finally {
      cluster.execute(
          "postgres", "alter system reset idle_session_timeout", "select pg_reload_conf()");
    }
  }

  @Test
  void readsAllConfigurationFilesAsASuperuser() throws IOException {
    List<Event> events = new ArrayList<>();
    try (PostgresServer server = superuser()) {
      StoredConfiguration configuration = server.configuration(events::add);
      assertThat(events).isEmpty();
      assertThat(configuration.unreadable()).isEmpty();
      assertThat(configuration.files())
          .extracting(ConfigurationFile::name)
          .contains(
              "postgresql.conf",
              "pg_hba.conf",
              "pg_ident.conf",
              "outside" + outside + "/conf.d/mine.conf");
      ConfigurationFile hba = configuration.files().stream()
          .filter(file -> file.name().equals("pg_hba.conf"))
          .findFirst()
          .orElseThrow();
      assertThat(hba.insideDataDirectory()).isFalse();
      assertThat(hba.content()).isEqualTo(Files.readAllBytes(outside.resolve("pg_hba.conf")));
      assertThat(configuration.settings().lines())
          .contains(
              "work_mem = '7168'  # in kB, configuration file " + outside + "/conf.d/mine.conf:1")
          .anyMatch(line -> line.startsWith("statement_timeout = '12345'"))
          .anyMatch(line -> line.startsWith("TimeZone = 'Asia/Tokyo'")
              || line.startsWith("timezone = 'Asia/Tokyo'"))
          .anyMatch(line -> line.startsWith("#hba_file = '" + outside));
      assertThat(configuration.contents()).containsKeys("pg_hba.conf", "settings.conf");
      assertThat(server.facts().role()).isEqualTo("postgres");
    }
  }

  @Test
  void readsTheSettingsAsAnyRoleAndSaysWhatIsMissing() {
    List<Event> events = new ArrayList<>();
    try (PostgresServer server = backupRole()) {
      StoredConfiguration configuration = server.configuration(events::add);
      assertThat(configuration.files()).isEmpty();
      assertThat(configuration.unreadable())
          .containsExactly("postgresql.conf", "pg_hba.conf", "pg_ident.conf");
      assertThat(configuration.settings().lines())
          .anyMatch(line -> line.startsWith("work_mem = '7168'"));
      assertThat(events).hasSize(1).first().isInstanceOf(Event.Warning.class);
    }
  }

  @Test
  void readsFilesWithTheGrantsThatTheHintNames() {
    cluster.execute(
        "postgres",
        "grant pg_read_all_settings, pg_read_server_files to backup",
        "grant execute on function pg_read_binary_file(text) to backup");
    try (PostgresServer server = backupRole()) {
      StoredConfiguration configuration = server.configuration();
      assertThat(configuration.unreadable()).isEmpty();
      assertThat(configuration.files()).hasSizeGreaterThanOrEqualTo(4);
    } finally {
      cluster.execute(
          "postgres",
          "revoke pg_read_all_settings, pg_read_server_files from backup",
          "revoke execute on function pg_read_binary_file(text) from backup");
    }
  }

  @Test
  void writesSettingsThatAServerStartsWith() {
    String settings;
    try (PostgresServer server = superuser()) {
      settings = server.configuration().settings();
    }
    try (EmbeddedCluster other =
        EmbeddedCluster.builder(TestPostgres.major(major)).create()) {
      Path file = other.dataDirectory().resolve("postgresql.conf");
      Files.write(file, settings.getBytes(StandardCharsets.UTF_8));
      other.start();
      assertThat(other.show("work_mem")).isEqualTo("7MB");
      assertThat(other.show("statement_timeout")).isEqualTo("12345ms");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysThatTheConnectionIsGone() {
    PostgresServer server = superuser();
    server.close();
    assertThatThrownBy(server::facts)
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION_LOST));
  }
}
