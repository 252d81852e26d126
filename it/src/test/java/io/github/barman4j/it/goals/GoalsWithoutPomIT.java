package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Every goal works in an empty folder without a POM; together they bring a server back. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GoalsWithoutPomIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private static Path folder;

  private static EmbeddedCluster server;

  @BeforeAll
  static void startServer() {
    server = EmbeddedCluster.builder(TestPostgres.newest()).start();
    server.execute("postgres", "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  @Order(1)
  void checkFailsTheBuildBeforeTheFirstBackup() throws IOException {
    MavenCall.Result result =
        live("check", "-Dbarman.output=json", "-Dbarman.outputFile=check.json").run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.firstErrorLine())
        .startsWith("BRM-219: server 'main': 1 of ")
        .endsWith("repository");
    JsonNode check = JSON.readTree(folder.resolve("check.json").toFile());
    assertThat(check.get("passed").asBoolean()).isFalse();
    assertThat(check.findValuesAsText("name")).contains("wal_level");
  }

  @Test
  @Order(2)
  void dryRunOfABackupWritesNothing() {
    MavenCall.Result result = live("backup", "-Dbarman.dryRun").run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    assertThat(result.output()).contains("would take a backup of server 'main'");
    assertThat(folder.resolve("repository")).doesNotExist();
  }

  @Test
  @Order(3)
  void receiveWalStopsInOrderOnSigterm() throws IOException, InterruptedException {
    Path log = folder.resolve("receive.log");
    Process maven = live("receive-wal").start(log);
    try {
      Awaitility.await()
          .atMost(2, TimeUnit.MINUTES)
          .until(() -> !maven.isAlive() || Files.readString(log).contains("streaming, timeline 1"));
      assertThat(maven.isAlive()).as(Files.readString(log)).isTrue();
      maven.destroy();
      assertThat(maven.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(maven.exitValue()).isEqualTo(143);
      assertThat(Files.readString(log)).contains("stopped; durable and acknowledged up to 0/");
    } finally {
      maven.destroyForcibly();
      Files.delete(log);
    }
  }

  @Test
  @Order(4)
  void backupTakesABackup() {
    MavenCall.Result result = live("backup", "-Dbarman.name=first").run();
    assertThat(result.exitCode()).as(result.end()).isZero();
  }

  @Test
  @Order(5)
  void listBackupsPrintsOneDocumentAndNothingElse() throws IOException {
    MavenCall.Result result = offline("list-backups", "-q", "-Dbarman.output=json")
        .environment("MAVEN_OPTS", "-Djansi.noreset=true")
        .run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    JsonNode document = JSON.readTree(result.output());
    assertThat(document.get("schema").asInt()).isEqualTo(1);
    assertThat(document.get("backups")).hasSize(1);
    assertThat(document.get("backups").get(0).get("name").asText()).isEqualTo("first");
  }

  @Test
  @Order(6)
  void showBackupFindsItByItsName() throws IOException {
    MavenCall.Result result = offline(
            "show-backup",
            "-Dbarman.backup=first",
            "-Dbarman.output=json",
            "-Dbarman.outputFile=out/first.json")
        .run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    JsonNode backup = JSON.readTree(folder.resolve("out/first.json").toFile()).get("backup");
    assertThat(backup.get("sizes").get("databaseBytes").asLong()).isPositive();
    assertThat(backup.get("postgres").asText()).isEqualTo(server.binaries().version());
  }

  @Test
  @Order(7)
  void anUnknownBackupIsAnErrorInJsonToo() throws IOException {
    MavenCall.Result result = offline(
            "show-backup",
            "-Dbarman.backup=second",
            "-Dbarman.output=json",
            "-Dbarman.outputFile=out/none.json")
        .run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.firstErrorLine()).startsWith("BRM-502");
    JsonNode error = JSON.readTree(folder.resolve("out/none.json").toFile()).get("error");
    assertThat(error.get("code").asText()).isEqualTo("BRM-502");
    assertThat(error.get("hint").asText()).isNotBlank();
  }

  @Test
  @Order(8)
  void restoreBringsTheTableBack() throws SQLException {
    Path restored = server.newFolder("restored");
    MavenCall.Result plan =
        offline("restore", "-Dbarman.restoreTo=" + restored, "-Dbarman.dryRun").run();
    assertThat(plan.exitCode()).as(plan.end()).isZero();
    assertThat(plan.output()).contains("would restore backup");
    assertThat(restored).isEmptyDirectory();

    MavenCall.Result result = offline(
            "restore", "-Dbarman.restoreTo=" + restored, "-Dbarman.owner=" + server.fileOwner())
        .run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    assertThat(result.output()).contains("What to do next:");
    try (EmbeddedCluster revived = EmbeddedCluster.builder(TestPostgres.newest())
            .existing(restored)
            .password(server.password())
            .start();
        Connection connection = revived.connect("postgres");
        ResultSet rows =
            connection.createStatement().executeQuery("SELECT sum(number) FROM kept")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getLong(1)).isEqualTo(500_500);
    }
  }

  @Test
  @Order(9)
  void theOtherGoalsThatReadAnswerInOneBuild() {
    MavenCall.Result result = offline("list-files", "-Dbarman.backup=first")
        .goal("status")
        .goal("recoverable")
        .goal("verify-backup")
        .goal("heal-backup")
        .run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    assertThat(result.output())
        .contains(
            "global/pg_control",
            "'first', finished",
            ": whole, ",
            "healed: 0 blocks from other backups, 0 from the server");
  }

  @Test
  @Order(10)
  void switchWalEndsASegmentOfTheServer() {
    MavenCall.Result result = live("switch-wal", "-Dbarman.restorePoint=named").run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    assertThat(result.output()).contains("restore point 'named' is at ", " is ended");
  }

  @Test
  @Order(11)
  void archiveWalAndChangePassphraseNeedNoPomEither() throws IOException {
    Path incoming = Files.createDirectory(folder.resolve("incoming"));
    MavenCall.Result archived =
        offline("archive-wal", "-Dbarman.incoming=" + incoming).run();
    assertThat(archived.exitCode()).as(archived.end()).isZero();
    MavenCall.Result changed = offline("change-passphrase")
        .environment("BARMAN_PASSPHRASE", "old")
        .environment("BARMAN_NEW_PASSPHRASE", "new")
        .run();
    assertThat(changed.exitCode()).isEqualTo(1);
    assertThat(changed.firstErrorLine()).startsWith("BRM-312");
  }

  @Test
  @Order(12)
  void deleteTakesTheBackupAway() {
    MavenCall.Result plan =
        offline("delete", "-Dbarman.backup=first", "-Dbarman.dryRun").run();
    assertThat(plan.exitCode()).as(plan.end()).isZero();
    assertThat(plan.output()).contains("would delete backup ", "no backup remains");
    MavenCall.Result result =
        offline("delete", "-Dbarman.backup=first").goal("list-backups").run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    assertThat(result.output()).contains("deleted backup ", "server 'main' has no backup");
  }

  private static MavenCall live(String goal, String... arguments) {
    return offline(goal, arguments)
        .on(server)
        .environment("PGPASSWORD", server.password().reveal());
  }

  private static MavenCall offline(String goal, String... arguments) {
    return MavenCall.of(folder, goal, arguments).with("-Dbarman.repository=repository");
  }
}
