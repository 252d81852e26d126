package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.Secret;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A password and a passphrase that can be recognised, given in every way, are found nowhere afterwards. */
@Timeout(300)
class NoSecretAnywhereIT {
  private static final String PASSWORD = "password-" + UUID.randomUUID();
  private static final String PASSPHRASE = "passphrase-" + UUID.randomUUID();
  private static final String WRONG = "wrong-" + UUID.randomUUID();
  private static final SecretMarks MARKS = new SecretMarks(PASSWORD, PASSPHRASE, WRONG);

  private static EmbeddedCluster server;

  @TempDir
  private Path folder;

  @BeforeAll
  static void startServer() {
    server = EmbeddedCluster.builder(TestPostgres.newest())
        .password(Secret.of(PASSWORD))
        .setting("log_statement", "all")
        .start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void everyPlaceIsSearchedAndNothingIsFound() throws Exception {
    Path output = Files.createDirectory(folder.resolve("output"));
    List<String> found = new ArrayList<>();

    MavenCall environment = call("backup", "-X")
        .environment("PGPASSWORD", PASSWORD)
        .environment("BARMAN_PASSPHRASE", PASSPHRASE);
    Process maven = environment.start(output.resolve("environment.log"));
    int looks = 0;
    while (maven.isAlive()) {
      // Before that it is the shell script mvn, whose own programs have the caller's environment.
      if (maven.info().command().filter(command -> command.endsWith("java")).isPresent()) {
        found.addAll(MARKS.inChildrenOf(maven.toHandle()));
        looks++;
      }
      found.addAll(MARKS.in(
          "pg_stat_activity",
          server
              .query("postgres", "SELECT application_name || ' ' || query FROM pg_stat_activity")
              .toString()));
    }
    assertThat(maven.exitValue())
        .as(Files.readString(output.resolve("environment.log")))
        .isZero();
    assertThat(looks).as("looks at the children of Maven").isPositive();

    run(
        output.resolve("properties.log"),
        0,
        call("check", "-X", "-Dbarman.output=json", "-Dbarman.outputFile=output/check.json")
            .goal("status")
            .with("-Dbarman.password=" + PASSWORD, "-Dbarman.encryptionPassphrase=" + PASSPHRASE));
    run(
        output.resolve("settings.log"),
        0,
        call("restore", "-X", "-s", settings().toString())
            .with("-Dbarman.serverId=db", "-Dbarman.restoreTo=restored")
            .goal("list-files"));
    run(
        output.resolve("wrong-password.log"),
        1,
        call("backup", "-X", "-e")
            .environment("PGPASSWORD", WRONG)
            .environment("BARMAN_PASSPHRASE", PASSPHRASE));
    run(
        output.resolve("wrong-passphrase.log"),
        1,
        call(
                "list-backups",
                "-X",
                "-e",
                "-Dbarman.output=json",
                "-Dbarman.outputFile=output/e.json")
            .environment("BARMAN_PASSPHRASE", WRONG));

    found.addAll(MARKS.below(output));
    found.addAll(MARKS.below(folder.resolve("repository")));
    found.addAll(MARKS.below(folder.resolve("restored")));
    found.addAll(MARKS.in("the server's log", server.log().tail(100_000)));
    assertThat(found).isEmpty();
    assertThat(folder.resolve("restored/postgresql.auto.conf")).isNotEmptyFile();
    assertThat(output.resolve("e.json")).content().contains("BRM-311");
  }

  /** What would make the search above worthless: that it cannot find anything. */
  @Test
  void whatIsPlantedIsFound() throws Exception {
    Path planted = Files.createDirectory(folder.resolve("planted"));
    byte[] binary = ("\0\1\2" + PASSPHRASE + "\3").getBytes(StandardCharsets.ISO_8859_1);
    Files.write(Files.createDirectory(planted.resolve("sub")).resolve("object"), binary);
    Files.writeString(planted.resolve(WRONG), "");
    assertThat(MARKS.below(planted)).hasSize(2);
    assertThat(MARKS.in("text", "user=x password=" + PASSWORD)).hasSize(1);
    ProcessBuilder child = new ProcessBuilder("sleep", "60");
    child.environment().put("PGPASSWORD", PASSWORD);
    Process process = child.start();
    try {
      assertThat(MARKS.inChildrenOf(ProcessHandle.current()))
          .contains("/proc/" + process.pid() + "/environ holds '" + PASSWORD + "'");
    } finally {
      process.destroyForcibly();
    }
  }

  private void run(Path output, int exitCode, MavenCall call) throws IOException {
    MavenCall.Result result = call.run();
    Files.writeString(output, result.output());
    assertThat(result.exitCode()).as(result.end()).isEqualTo(exitCode);
    assertThat(result.output()).contains("[DEBUG]");
  }

  private MavenCall call(String goal, String... arguments) {
    return MavenCall.of(folder, goal, arguments).on(server).with("-Dbarman.repository=repository");
  }

  private Path settings() throws IOException {
    return Files.writeString(
        folder.resolve("settings.xml"), """
        <settings>
          <servers>
            <server>
              <id>db</id>
              <username>%s</username>
              <password>%s</password>
              <passphrase>%s</passphrase>
            </server>
          </servers>
        </settings>
        """.formatted(server.user(), PASSWORD, PASSPHRASE));
  }
}
