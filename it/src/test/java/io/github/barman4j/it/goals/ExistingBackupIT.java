package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The restore drill of a backup that is there: what it finds, what it must not touch, and that it can fail. */
@Timeout(300)
class ExistingBackupIT {
  private static final int MAJOR = 17;

  @TempDir
  private static Path shared;

  private static Production production;

  @TempDir
  private Path folder;

  private CalledGoals goals;

  @BeforeAll
  static void makeProduction() throws Exception {
    production = Production.at(shared.resolve("repository"), MAJOR);
  }

  @BeforeEach
  void copy() throws IOException {
    CopiedRepository.of(production.repository(), folder.resolve("repository"));
    goals = CalledGoals.in(folder)
        .with(
            "barman.encryptionPassphrase=" + Production.PASSPHRASE,
            "barman.drill.postgresBin=" + TestPostgres.major(MAJOR).bin());
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(ProcessHandle.current()
            .descendants()
            .filter(child -> child.info().commandLine().orElse("").contains("barman-restore-")))
        .isEmpty();
    try (Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("barman-restore-"));
    }
  }

  @Test
  void isRestoredToTheLastCommitAndLookedAtWhileNothingIsWritten() throws Exception {
    Map<String, String> before = content();
    Path script = script("SELECT id FROM \"Order\" WHERE note <> repeat(md5(id::text), 80);\n"
        + "SELECT count(*) FROM \"Order\" HAVING count(*) <> " + Production.ROWS);
    List<String> lines = goals.run(
        "drill",
        "barman.drill.checkScript=" + script,
        "barman.drill.checkDatabase=shop",
        "barman.maxRto=PT5M",
        "barman.maxRpo=PT1H",
        "barman.drill.history=history.jsonl");
    assertThat(content()).isEqualTo(before);

    JsonNode result = new ReportedDrill(folder).result();
    assertThat(result.get("id").asText()).isEqualTo("R01");
    assertThat(result.get("variant").asText()).isEqualTo("main");
    assertThat(result.get("verdict").asText()).isEqualTo("passed");
    assertThat(result.get("rpo").isNull())
        .as("no ledger, no loss that could be told")
        .isTrue();
    assertThat(result.at("/limits/rpoSeconds").asInt()).isEqualTo(3600);
    assertThat(result.at("/rto/phases").findValuesAsText("name"))
        .containsExactly(
            "plan", "restore", "start", "consistent", "replay", "open", "read", "write");
    assertThat(result.at("/rto/apart").findValuesAsText("name"))
        .containsExactly("wal", "checksums", "amcheck", "full-read", "script");
    assertThat(result.at("/restored/walSegments").asInt()).isGreaterThan(1);
    assertThat(result.at("/restored/bytes").asLong()).isGreaterThan(20_000_000);
    assertThat(result.get("checks").findValuesAsText("name"))
        .containsExactly(
            "isolation",
            "newest-backup",
            "wal-end",
            "checksums",
            "amcheck",
            "full-read",
            "script",
            "repository",
            "nothing-left");
    assertThat(result.at("/figures/newestCommitAgeMillis").asLong()).isBetween(1L, 3_600_000L);
    assertThat(result.at("/figures/databases").asInt()).isEqualTo(5);
    assertThat(result.at("/figures/rowsRead").asLong()).isGreaterThan(Production.ROWS);
    assertThat(result.at("/figures/bytesRead").asLong()).isGreaterThan(Production.ROWS * 2560L);
    assertThat(result.at("/figures/pagesChecked").asLong()).isGreaterThan(2000);
    assertThat(result.at("/figures/indexesChecked").asLong()).isGreaterThan(500);
    assertThat(lines)
        .anyMatch(line -> line.matches(
            "INFO R01 restore-existing-backup \\(main\\) passed: the newest commit .* old, of .*"))
        .anyMatch(line -> line.contains("passed: not verified: how much was lost"));
    assertThat(Files.list(folder.resolve("target/barman"))).hasSize(4);
    assertThat(folder.resolve("history.jsonl")).content().contains("\"id\":\"R01\"");
    assertThat(String.join("\n", lines)).doesNotContain(Production.PASSPHRASE);
  }

  @Test
  void isRestoredFromAReadOnlyFileSystem() throws Exception {
    GoalProcess.Result drill = GoalProcess.withReadOnly(folder.resolve("repository"))
        .run(
            folder,
            "drill",
            List.of(
                "barman.repository=" + folder.resolve("repository"),
                "barman.encryptionPassphrase=" + Production.PASSPHRASE,
                "barman.drill.postgresBin=" + TestPostgres.major(MAJOR).bin()));
    assertThat(drill.exitCode()).as(drill.output()).isZero();
    assertThat(new ReportedDrill(folder).result().get("verdict").asText()).isEqualTo("passed");
  }

  @Test
  void failsWhenAByteOfTheNewestBackupIsFlippedThoughTheOneBeforeServes() throws Exception {
    CopiedRepository.flip(folder.resolve("repository").resolve(production.packOfNewest()));
    assertThat(goals.bad("drill"))
        .startsWith("BRM-704: R01 restore-existing-backup (main): check newest-backup failed: ")
        .contains("damaged", "is taken instead");
    assertThat(new ReportedDrill(folder).failedChecks()).containsExactly("newest-backup");
    assertThat(new ReportedDrill(folder).result().at("/rto/seconds").asDouble()).isPositive();
  }

  @Test
  void failsWhenASegmentIsMissing() throws Exception {
    List<Path> segments = segments();
    Path lost = segments.get(segments.size() - 2);
    Files.delete(lost);
    assertThat(goals.bad("drill"))
        .startsWith("BRM-704: R01 restore-existing-backup (main): BRM-403: ")
        .contains(lost.getFileName().toString());
    assertThat(new ReportedDrill(folder).result().get("restored").isNull()).isTrue();
  }

  @Test
  void failsWhenAQueryReturnsARowAndWhenTheNewestCommitIsTooOld() throws Exception {
    Path script = script("SELECT max(id) FROM \"Order\"");
    assertThat(goals.bad(
            "drill",
            "barman.drill.checkScript=" + script,
            "barman.drill.checkDatabase=shop",
            "barman.maxRpo=PT0.001S"))
        .startsWith(
            "BRM-704: R01 restore-existing-backup (main): the newest commit that came back is ")
        .contains("more than the limit of 0.00 s");
    assertThat(new ReportedDrill(folder).reasons())
        .anyMatch(
            reason -> reason.equals("check script failed: 'SELECT max(id) FROM \"Order\"' returns ("
                + Production.ROWS + ")"));
    assertThat(new ReportedDrill(folder).failedChecks()).containsExactly("script");
  }

  @Test
  void asksForTheDatabaseWhereThereAreSeveral() throws Exception {
    assertThat(goals.bad("drill", "barman.drill.checkScript=" + script("SELECT 1 WHERE false")))
        .contains("check script failed: it was not run", "shop", "barman.drill.checkDatabase");
  }

  @Test
  void saysWhatCannotBeTried() throws Exception {
    assertThat(goals.broken("drill", "barman.encryptionPassphrase=wrong")).startsWith("BRM-311: ");
    assertThat(goals.broken("drill", "barman.server=other")).startsWith("BRM-301: ");
    assertThat(goals.broken("drill", "barman.backup=nosuch")).startsWith("BRM-502: ");
    assertThat(goals.broken(
            "drill", "barman.drill.postgresBin=" + TestPostgres.oldest().bin()))
        .startsWith("BRM-613: ")
        .contains("name the programs of PostgreSQL " + MAJOR);
    assertThat(goals.broken("drill", "barman.drill.checkScript=missing.sql"))
        .startsWith("BRM-701: the script ");
    assertThat(goals.broken("drill", "barman.user=nobody_here"))
        .startsWith("BRM-701: the restored cluster does not let in 'nobody_here': ")
        .contains("HINT: name its superuser as barman.user");
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("repository/main/wal"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
          .sorted()
          .toList();
    }
  }

  private Path script(String text) throws IOException {
    return Files.writeString(folder.resolve("check.sql"), text);
  }

  /** Every file of the repository with a hash of its bytes. */
  @Test
  void isShownInASiteAndNotTouched() throws Exception {
    Map<String, String> before = content();
    goals.run("report");
    String page = Files.readString(folder.resolve("target/site/barman.html"));
    goals
        .answer("list-backups")
        .get("backups")
        .forEach(backup -> assertThat(page).contains(backup.get("id").asText()));
    assertThat(page)
        .contains("Timeline 1", "What can be recovered", "The backups, 2")
        .doesNotContain(Production.PASSPHRASE, "could not be read");
    assertThat(content()).isEqualTo(before);
    assertThat(goals.run("report", "barman.encryptionPassphrase=wrong"))
        .anyMatch(
            line -> line.startsWith("WARN") && line.contains("the catalog could not be read"));
    assertThat(folder.resolve("target/site/barman.html"))
        .content()
        .contains("the catalog could not be read: BRM-");
    assertThat(content()).isEqualTo(before);
  }

  private Map<String, String> content() throws Exception {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve("repository"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        content.put(
            file.toString(),
            Files.isDirectory(file)
                ? "folder"
                : HexFormat.of()
                    .formatHex(
                        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
      }
    }
    return content;
  }
}
