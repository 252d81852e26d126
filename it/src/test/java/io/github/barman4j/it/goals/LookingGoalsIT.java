package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.barman4j.EventSink;
import io.github.barman4j.Secret;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What list-files, switch-wal and status say is what server and repository have. */
class LookingGoalsIT {
  @TempDir
  private static Path folder;

  private static EmbeddedCluster server;
  private static CalledGoals offline;
  private static CalledGoals live;
  private static Path tablespace;

  @BeforeAll
  static void takeABackup() {
    server = EmbeddedCluster.builder(TestPostgres.newest())
        .initdbOption("--wal-segsize=1")
        .start();
    tablespace = server.newFolder("history");
    server.execute(
        "postgres",
        "CREATE TABLESPACE history LOCATION '" + tablespace + "'",
        "CREATE TABLE kept TABLESPACE history AS SELECT generate_series(1, 1000) AS number",
        "CREATE ROLE plain LOGIN REPLICATION PASSWORD 'plain'");
    offline = CalledGoals.in(folder);
    live = offline.on(server);
    live.run("backup", "barman.name=first");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void listFilesHasEveryFileOfTheBackupOnce() {
    JsonNode backup = offline.answer("show-backup").get("backup");
    JsonNode answer = offline.answer("list-files", "barman.backup=first");
    assertThat(answer.get("backup").get("id")).isEqualTo(backup.get("id"));
    List<String> paths = new ArrayList<>();
    long files = 0;
    long bytes = 0;
    for (JsonNode file : answer.get("files")) {
      String kind = file.get("kind").asText();
      if (kind.equals("file") || kind.equals("configuration")) {
        files++;
        bytes += file.get("bytes").asLong();
      }
      paths.add(kind + " " + file.get("path").asText());
    }
    assertThat(files).isEqualTo(backup.get("sizes").get("files").asLong());
    assertThat(bytes).isEqualTo(backup.get("sizes").get("databaseBytes").asLong());
    String table =
        server.query("postgres", "SELECT pg_relation_filepath('kept')").get(0);
    assertThat(paths)
        .doesNotHaveDuplicates()
        .contains(
            "file PG_VERSION",
            "file global/pg_control",
            "file backup_label",
            "file " + table,
            "wal " + backup.get("firstWalSegment").asText(),
            "wal " + backup.get("lastWalSegment").asText());
    JsonNode link = answer.get("files").findParents("target").get(0);
    assertThat(link.get("kind").asText()).isEqualTo("link");
    assertThat(link.get("target").asText()).isEqualTo(tablespace.toString());
  }

  @Test
  void listFilesKnowsFourScopes() {
    int data = offline.answer("list-files", "barman.files=data").get("files").size();
    int wal = offline.answer("list-files", "barman.files=wal").get("files").size();
    assertThat(data).isGreaterThan(900);
    assertThat(wal).isPositive();
    assertThat(offline.answer("list-files", "barman.files=full").get("files")).hasSize(data + wal);
    assertThat(offline.answer("list-files").get("files").size()).isBetween(data + 1, data + wal);
    assertThat(offline.run("list-files", "barman.files=data"))
        .anyMatch(line -> line.matches("INFO file +0600 +8192 \\S+Z global/pg_control"));
  }

  @Test
  void switchWalNeedsARightAndSaysWhich() {
    CalledGoals plain = offline.on(server, "plain", "plain");
    assertThat(plain.broken("switch-wal"))
        .startsWith("BRM-217: role 'plain' may not call pg_create_restore_point and pg_switch_wal")
        .contains("in database 'postgres' of 127.0.0.1:" + server.port())
        .contains(
            "\nHINT: run GRANT EXECUTE ON FUNCTION pg_create_restore_point(text), pg_switch_wal() TO \"plain\"");
    assertThat(plain.broken("switch-wal", "barman.dryRun=true")).startsWith("BRM-217");
    server.execute(
        "postgres",
        "GRANT EXECUTE ON FUNCTION pg_create_restore_point(text), pg_switch_wal() TO plain");
    try {
      assertThat(plain.run("switch-wal", "barman.restorePoint=granted").get(0))
          .startsWith("INFO restore point 'granted' is at ");
    } finally {
      server.execute(
          "postgres",
          "REVOKE EXECUTE ON FUNCTION pg_create_restore_point(text), pg_switch_wal() FROM plain");
    }
  }

  @Test
  void switchWalChangesNothingInADryRun() {
    Lsn before = position();
    assertThat(live.run("switch-wal", "barman.dryRun=true", "barman.restorePoint=x"))
        .containsExactly("INFO would make restore point 'x' and switch WAL");
    assertThat(position().minus(before)).isLessThan(100_000);
  }

  @Test
  void switchWalThatNobodyArchivesIsSaidInTime() {
    assertThat(live.broken("switch-wal", "barman.waitArchived=true", "barman.waitTimeout=PT0.2S"))
        .startsWith("BRM-404: segment 00000001")
        .contains("is not in the archive of server 'main' after 0 s; no receiver runs")
        .contains("\nHINT: start receive-wal");
  }

  @Test
  void switchWalWaitsForTheArchiveAndItsRestorePointIsATarget() {
    try (RunningReceiver receiver = engine().startReceiver(ReceiveRequest.defaults())) {
      Awaitility.await().atMost(60, TimeUnit.SECONDS).until(receiver::isStreaming);
      List<String> lines = live.run(
          "switch-wal", "barman.waitArchived=true", "barman.restorePoint=before the release");
      assertThat(lines.get(1)).matches("INFO segment [0-9A-F]{24} is ended and archived");
      JsonNode status = live.answer("status");
      assertThat(status.get("live").get("slot").get("active").asBoolean()).isTrue();
      assertThat(status.get("live").get("streams").get(0).get("state").asText())
          .isEqualTo("streaming");
      assertThat(status.get("archive").get("receiver").asText()).contains("process ");
      String last = status.get("archive").get("lastSegment").asText();
      assertThat(last).isGreaterThanOrEqualTo(lines.get(1).substring(13, 37));
      assertThat(status.get("notArchivedBytes").asLong()).isLessThan(4 << 20);
    }
    assertThat(offline.run(
            "restore",
            "barman.dryRun=true",
            "barman.restoreTo=nowhere",
            "barman.targetName=before the release"))
        .anyMatch(
            line -> line.contains("recovery stops at") && line.contains("before the release"));
  }

  @Test
  void statusSaysWhatServerAndArchiveAre() {
    JsonNode status = live.answer("status", "barman.slot=nobodys");
    assertThat(status.get("sameSystem").asBoolean()).isTrue();
    JsonNode now = status.get("live");
    assertThat(now.get("systemIdentifier").asText())
        .isEqualTo(server
            .query("postgres", "SELECT system_identifier FROM pg_control_system()")
            .get(0));
    assertThat(now.get("databaseBytes").asLong()).isGreaterThan(10 << 20);
    assertThat(now.get("slot").isNull()).isTrue();
    assertThat(now.get("archiver").get("mode").asText()).isEqualTo("off");
    assertThat(position().minus(Lsn.parse(now.get("position").asText()))).isNotNegative();
    assertThat(status.get("archive").get("backups").asInt()).isEqualTo(1);
    assertThat(live.run("status"))
        .anyMatch(line -> line.matches("INFO latest backup +\\S+ 'first', finished .*"));
  }

  @Test
  void statusNeedsNoServerAndNoRight() {
    JsonNode alone = offline.answer("status");
    assertThat(alone.get("live").isNull()).isTrue();
    assertThat(alone.has("liveProblem")).isFalse();
    assertThat(alone.get("archive").get("segments").asInt()).isPositive();
    JsonNode plain = offline.on(server, "plain", "plain").answer("status");
    assertThat(plain.get("live").get("dataDirectory").isNull()).isTrue();
    assertThat(plain.get("live").get("postgres").asText())
        .isEqualTo(server.binaries().version());
  }

  @Test
  void statusOfAServerThatIsGoneShowsTheArchiveAndWhy() {
    JsonNode status = offline.with("barman.url=jdbc:postgresql://localhost:1/x").answer("status");
    assertThat(status.get("live").isNull()).isTrue();
    assertThat(status.get("liveProblem").get("code").asText()).isEqualTo("BRM-110");
    assertThat(status.get("archive").get("backups").asInt()).isEqualTo(1);
    CalledGoals elsewhere = CalledGoals.in(folder.resolve("elsewhere"));
    assertThat(elsewhere.broken("status")).startsWith("BRM-301: there is no repository at ");
    assertThat(elsewhere
            .on(server)
            .answer("status")
            .get("archiveProblem")
            .get("code")
            .asText())
        .isEqualTo("BRM-301");
  }

  private static Lsn position() {
    return Lsn.parse(server.query("postgres", "SELECT pg_current_wal_lsn()").get(0));
  }

  private static Engine engine() {
    return Engine.open(
        EngineConfiguration.of(
            folder.resolve("repository"),
            "main",
            new ServerConnection(
                server.jdbcUrl("postgres"),
                server.user(),
                Secret.of(server.password().reveal()))),
        EventSink.NONE);
  }
}
