package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What verify-backup, heal-backup, delete and change-passphrase do to an encrypted repository, and what they say. */
class KeepingGoalsIT {
  private static final String PASSPHRASE = "barman.encryptionPassphrase=correct horse battery";

  @TempDir
  private static Path origin;

  private static EmbeddedCluster server;
  private static String packOfTheFirst = "";

  @TempDir
  private Path folder;

  private CalledGoals locked = CalledGoals.in(Path.of("target"));
  private CalledGoals goals = locked;
  private CopiedRepository repository;

  @BeforeAll
  static void takeTwoBackups() throws IOException {
    server = EmbeddedCluster.builder(TestPostgres.newest())
        .initdbOption("--wal-segsize=1")
        .start();
    server.execute(
        "postgres",
        "CREATE TABLE kept AS SELECT md5(i::text) AS text FROM generate_series(1, 50000) AS i");
    CalledGoals live = CalledGoals.in(origin).on(server).with(PASSPHRASE);
    live.run("backup", "barman.name=first");
    packOfTheFirst = largestPack();
    live.run("backup", "barman.name=second", "barman.fresh=true");
  }

  private static String largestPack() throws IOException {
    Path packs = origin.resolve("repository/main/packs");
    Path largest = packs;
    try (Stream<Path> files = Files.walk(packs)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (largest.equals(packs) || Files.size(file) > Files.size(largest)) {
          largest = file;
        }
      }
    }
    return packs.relativize(largest).toString();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void copy() throws IOException {
    repository = CopiedRepository.of(origin.resolve("repository"), folder.resolve("repository"));
    locked = CalledGoals.in(folder);
    goals = locked.with(PASSPHRASE);
  }

  @ParameterizedTest
  @MethodSource("io.github.barman4j.it.goals.CalledGoals#ofBackups")
  void nothingOpensWithoutThePassphrase(String goal) throws IOException {
    Path restored = folder.resolve("restored");
    String[] properties = {"barman.backup=first", "barman.restoreTo=" + restored};
    assertThat(locked.broken(goal, properties))
        .startsWith("BRM-310: ")
        .contains(repository.directory().toString(), "\nHINT: give it with ");
    assertThat(locked.with("barman.encryptionPassphrase=wrong").broken(goal, properties))
        .startsWith("BRM-311: ")
        .contains(repository.directory().toString(), "\nHINT: ")
        .doesNotContain("wrong");
    assertThat(restored).doesNotExist();
    assertThat(repository.files("main/backups")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"backup", "receive-wal"})
  void nothingIsWrittenWithoutThePassphrase(String goal) throws IOException {
    List<Path> before = repository.files("main");
    assertThat(locked.on(server).broken(goal)).startsWith("BRM-310: ");
    assertThat(locked.on(server).with("barman.encryptionPassphrase=wrong").broken(goal))
        .startsWith("BRM-311: ");
    assertThat(repository.files("main")).isEqualTo(before);
    assertThat(server.query("postgres", "SELECT slot_name FROM pg_replication_slots"))
        .isEmpty();
  }

  @Test
  void verifyBackupPassesWhatIsWholeAndSaysHowMuchItHasRead() {
    JsonNode answer = goals.answer("verify-backup", "barman.backup=all");
    assertThat(answer.get("passed").asBoolean()).isTrue();
    assertThat(answer.get("findings")).isEmpty();
    assertThat(answer.get("backups")).hasSize(2).allSatisfy(backup -> {
      assertThat(backup.get("passed").asBoolean()).isTrue();
      assertThat(backup.get("pages").asLong()).isGreaterThan(2_000);
    });
    assertThat(answer.get("wal").get("segments").asLong()).isPositive();
    assertThat(goals.run("verify-backup"))
        .anyMatch(line -> line.matches("INFO backup \\S+: whole, [0-9]+ files, .*"));
  }

  @Test
  void verifyBackupFailsOnDamageAndHealBackupMendsIt() throws IOException {
    CopiedRepository.flip(repository.directory().resolve("main/packs").resolve(packOfTheFirst));
    assertThat(goals.bad("verify-backup", "barman.backup=first"))
        .startsWith("BRM-309: server 'main' has ")
        .contains(" the first: backup 2", "\nHINT: ");
    JsonNode answer = goals.answer("verify-backup", "barman.backup=first", "barman.dryRun=true");
    assertThat(answer.get("passed").asBoolean()).isFalse();
    assertThat(answer.get("backups").get(0).get("passed").asBoolean()).isFalse();
    assertThat(answer.get("findings").get(0).get("problem").asText()).isNotBlank();
    assertThat(goals
            .run("heal-backup", "barman.backup=first", "barman.dryRun=true")
            .toString())
        .contains("would try to heal what is damaged");
    assertThat(goals.bad("verify-backup", "barman.backup=first")).startsWith("BRM-309: ");
    assertThat(goals.run("heal-backup", "barman.backup=first"))
        .anyMatch(line -> line.matches("INFO healed: [1-9][0-9]* blocks from other backups, 0 .*"));
    assertThat(goals.run("verify-backup", "barman.backup=all"))
        .noneMatch(line -> line.contains("FOUND"));
  }

  /** Its blocks are whole, so that there is nothing to heal; nobody can restore it for all that. */
  @ParameterizedTest
  @ValueSource(strings = {"verify-backup", "heal-backup"})
  void aBackupWithoutItsWalIsNotWhole(String goal) throws IOException {
    String needed = goals
        .answer("show-backup", "barman.backup=second")
        .get("backup")
        .get("firstWalSegment")
        .asText();
    for (Path file : repository.files("main/wal")) {
      if (file.getFileName().toString().startsWith(needed)) {
        Files.delete(file);
      }
    }
    assertThat(goals.bad(goal, "barman.backup=second"))
        .startsWith("BRM-309: ")
        .contains(needed, "\nHINT: ");
  }

  /** The first backup is whole; the log that leads on from it is not, and no backup has another copy of that. */
  @ParameterizedTest
  @ValueSource(strings = {"verify-backup", "heal-backup"})
  void aDamagedSegmentAfterTheBackupIsSaid(String goal) throws IOException {
    String segment = goals
        .answer("show-backup", "barman.backup=second")
        .get("backup")
        .get("lastWalSegment")
        .asText();
    for (Path file : repository.files("main/wal")) {
      if (file.getFileName().toString().startsWith(segment)) {
        CopiedRepository.flip(file);
      }
    }
    assertThat(goals.bad(goal, "barman.backup=first"))
        .startsWith("BRM-309: ")
        .contains(segment, "\nHINT: ");
  }

  @Test
  void verifyBackupNotesNothingWhenItMayNot() throws IOException {
    CopiedRepository.flip(repository.directory().resolve("main/packs").resolve(packOfTheFirst));
    List<Path> before = repository.files("main");
    assertThat(goals.bad("verify-backup", "barman.backup=first", "barman.readOnly=true"))
        .startsWith("BRM-309: ");
    assertThat(goals.bad("verify-backup", "barman.backup=first", "barman.dryRun=true"))
        .startsWith("BRM-309: ");
    assertThat(repository.files("main")).isEqualTo(before);
    assertThat(goals.broken("heal-backup", "barman.backup=first", "barman.readOnly=true"))
        .startsWith("BRM-303: ");
    assertThat(repository.files("main")).isEqualTo(before);
  }

  @Test
  void deleteTakesWhatIsNamedAndNothingElse() throws IOException {
    assertThat(goals.broken("delete")).startsWith("BRM-101: no backup is named to be deleted");
    List<Path> before = repository.files("main");
    assertThat(goals.run("delete", "barman.backup=first", "barman.dryRun=true").get(0))
        .startsWith("INFO would delete backup 2");
    assertThat(repository.files("main")).isEqualTo(before);
    assertThat(goals.broken("delete", "barman.backup=first", "barman.readOnly=true"))
        .startsWith("BRM-303: ");
    assertThat(repository.files("main")).isEqualTo(before);
    goals.run("delete", "barman.backup=first");
    JsonNode left = goals.answer("list-backups").get("backups");
    assertThat(left.findValuesAsText("name")).containsExactly("second");
    assertThat(goals.answer("verify-backup", "barman.backup=all").get("passed").asBoolean())
        .isTrue();
  }

  @Test
  void changePassphraseLeavesTheNewOneAlone() throws IOException {
    String next = "barman.newEncryptionPassphrase=staple";
    assertThat(locked.broken("change-passphrase", next)).startsWith("BRM-310: ");
    assertThat(goals.broken("change-passphrase")).startsWith("BRM-101: no new passphrase");
    assertThat(goals.broken("change-passphrase", "barman.newEncryptionPassphrase= "))
        .startsWith("BRM-102: ");
    assertThat(locked
            .with("barman.encryptionPassphrase=wrong")
            .broken("change-passphrase", next, "barman.dryRun=true"))
        .startsWith("BRM-311: ");
    goals.run("change-passphrase", next, "barman.dryRun=true");
    assertThat(goals.broken("change-passphrase", next, "barman.readOnly=true"))
        .startsWith("BRM-303: ");
    List<Path> before = repository.files("main");
    assertThat(goals.answer("list-backups").get("backups")).hasSize(2);

    assertThat(goals.run("change-passphrase", next).toString()).doesNotContain("staple");
    assertThat(goals.broken("list-backups")).startsWith("BRM-311: ");
    CalledGoals changed = locked.with("barman.encryptionPassphrase=staple");
    assertThat(
            changed.answer("verify-backup", "barman.dryRun=true").get("passed").asBoolean())
        .isTrue();
    assertThat(repository.files("main")).isEqualTo(before);
  }
}
