package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BlockHash;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A repository, a backup, a target or a directory that is not as it should be, for every goal that reads one. */
@Timeout(120)
class BadRepositoryIT {
  @TempDir
  private static Path origin;

  private static EmbeddedCluster server;
  private static Path tablespace;

  @TempDir
  private Path folder;

  private CalledGoals goals = CalledGoals.in(Path.of("target"));
  private CopiedRepository repository;

  @BeforeAll
  static void takeTwoBackups() {
    server = EmbeddedCluster.builder(TestPostgres.newest())
        .initdbOption("--wal-segsize=1")
        .start();
    tablespace = server.newFolder("history");
    server.execute(
        "postgres",
        "CREATE TABLESPACE history LOCATION '" + tablespace + "'",
        "CREATE TABLE kept TABLESPACE history AS SELECT generate_series(1, 1000) AS number");
    CalledGoals live = CalledGoals.in(origin).on(server);
    live.run("backup", "barman.name=first");
    live.run("backup", "barman.name=second", "barman.fresh=true");
    live.run("backup", "barman.server=other");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void copy() throws IOException {
    repository = CopiedRepository.of(origin.resolve("repository"), folder.resolve("repository"));
    goals = CalledGoals.in(folder);
  }

  private CalledGoals restoring() {
    return goals.with(
        "barman.restoreTo=" + folder.resolve("restored"),
        "barman.tablespaces=history=" + folder.resolve("history"));
  }

  @ParameterizedTest
  @MethodSource("io.github.barman4j.it.goals.CalledGoals#ofBackups")
  void noRepositoryIsSaid(String goal) {
    CalledGoals any = restoring().with("barman.backup=first");
    CalledGoals nowhere = any.with("barman.repository=" + folder.resolve("nowhere"));
    assertSays(
        nowhere.broken(goal), "BRM-301", "there is no repository at " + folder.resolve("nowhere"));
    assertSays(
        any.broken(goal, "barman.server=nobody"), "BRM-301", "has nothing of a server 'nobody'");
    assertSays(any.broken(goal, "barman.server=../main"), "BRM-1", "../main");
    assertThat(folder.resolve("nowhere")).doesNotExist();
    assertThat(folder.resolve("restored")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("io.github.barman4j.it.goals.CalledGoals#ofBackups")
  void anUnknownFormatIsSaid(String goal) throws IOException {
    writeVersion99();
    assertSays(restoring().broken(goal, "barman.backup=first"), "BRM-302", "99");
    assertSays(goals.on(server).broken("backup"), "BRM-302", "99");
    assertThat(folder.resolve("restored")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"show-backup", "list-files", "restore", "verify-backup", "heal-backup", "delete"})
  void aBackupThatIsNotMeantIsSaid(String goal) {
    String othersId = goals
        .answer("show-backup", "barman.server=other")
        .get("backup")
        .get("id")
        .asText();
    assertSays(restoring().broken(goal, "barman.backup=third"), "BRM-502", "no backup 'third'");
    assertSays(
        restoring().broken(goal, "barman.backup=" + othersId),
        "BRM-502",
        "server 'main' has no backup '" + othersId + "'");
    assertSays(
        restoring().broken(goal, "barman.backup=20"), "BRM-503", "'20' is the beginning of 2");
    assertThat(folder.resolve("restored")).doesNotExist();
  }

  @Test
  void aFlippedByteOfAManifestIsSaid() throws IOException {
    for (Path manifest : repository.files("main/manifests")) {
      CopiedRepository.flip(manifest);
    }
    assertSays(goals.broken("list-files", "barman.backup=first"), "BRM-306", "main/manifests/");
    assertSays(restoring().broken("restore", "barman.backup=first"), "BRM-614", "main/manifests/");
    assertThat(folder.resolve("restored/global/pg_control")).doesNotExist();
  }

  @Test
  void aFlippedByteOfEveryPackIsSaid() throws IOException {
    for (Path pack : repository.files("main/packs")) {
      CopiedRepository.flip(pack);
    }
    assertSays(restoring().broken("restore", "barman.backup=first"), "BRM-614", "main/packs/");
    assertThat(folder.resolve("restored/global/pg_control")).doesNotExist();
  }

  @Test
  void aMissingSegmentIsSaid() throws IOException {
    String needed = goals
        .answer("show-backup", "barman.backup=second")
        .get("backup")
        .get("firstWalSegment")
        .asText();
    for (Path segment : repository.files("main/wal")) {
      if (segment.getFileName().toString().equals(needed)) {
        Files.delete(segment);
      }
    }
    assertSays(restoring().broken("restore", "barman.backup=second"), "BRM-403", needed);
    assertSays(goals.broken("list-files", "barman.backup=second"), "BRM-403", needed);
    assertThat(goals.on(server).bad("check")).contains("1 of ", "checks failed: wal");
    assertThat(folder.resolve("restored")).doesNotExist();
  }

  @Test
  void aTargetThatCannotBeReachedIsSaid() {
    assertSays(
        restoring().broken("restore", "barman.targetTime=2001-01-01T00:00:00Z"), "BRM-60", "2001");
    assertSays(
        restoring().broken("restore", "barman.targetTime=2101-01-01T00:00:00Z"), "BRM-603", "2101");
    assertSays(
        restoring().broken("restore", "barman.targetTime=2026-01-01T00:00:00"),
        "BRM-602",
        "has no zone");
    assertSays(
        restoring().broken("restore", "barman.targetLsn=0/1", "barman.backup=first"),
        "BRM-604",
        "0/1");
    assertSays(restoring().broken("restore", "barman.targetName=nobody"), "BRM-603", "nobody");
    assertSays(
        restoring().broken("restore", "barman.targetXid=4000000000"), "BRM-603", "4000000000");
    assertSays(
        restoring().broken("restore", "barman.targetXid=7", "barman.targetName=x"), "BRM-602", "");
    assertThat(goals.bad("recoverable", "barman.targetName=nobody"))
        .startsWith("BRM-603: ")
        .contains("nobody", "\nHINT: ");
    assertSays(
        goals.broken("recoverable", "barman.targetTime=2026-01-01T00:00:00"),
        "BRM-602",
        "has no zone");
    assertThat(folder.resolve("restored")).doesNotExist();
  }

  @Test
  void aDirectoryThatMustNotBeWrittenIsSaid() throws IOException {
    Path restored = Files.createDirectory(folder.resolve("restored"));
    Path precious = Files.writeString(restored.resolve("precious"), "data");
    assertSays(restoring().broken("restore"), "BRM-605", restored.toString());
    assertSays(
        restoring().broken("restore", "barman.restoreTo=" + server.dataDirectory()),
        "BRM-606",
        server.dataDirectory().toString());
    assertSays(
        restoring().broken("restore", "barman.restoreTo=" + precious.resolve("below")),
        "BRM-607",
        precious.resolve("below").toString());
    assertThat(precious).hasContent("data");
    assertThat(restored).isDirectoryContaining(path -> path.equals(precious));
    assertThat(server.query("postgres", "SELECT count(*) FROM kept")).containsExactly("1000");
  }

  @Test
  void aTablespaceWithoutAPlaceIsSaid() {
    String to = "barman.restoreTo=" + folder.resolve("restored");
    assertSays(goals.broken("restore", to), "BRM-608", "history");
    assertSays(
        goals.broken("restore", to, "barman.tablespaces=histroy=" + folder.resolve("history")),
        "BRM-60",
        "histroy");
    assertThat(folder.resolve("restored")).doesNotExist();
  }

  /** With a seal that fits, as a later release would write it. */
  private void writeVersion99() throws IOException {
    Path format = repository.directory().resolve("repository.json");
    String sealed = Files.readString(format);
    int begin = sealed.indexOf('{', 1);
    int end = sealed.lastIndexOf('}');
    String content = sealed.substring(begin, end);
    String changed = content.replaceFirst("\"version\" : 1", "\"version\" : 99");
    assertThat(changed).isNotEqualTo(content);
    Files.writeString(
        format,
        sealed.substring(0, begin).replace(hash(content), hash(changed))
            + changed
            + sealed.substring(end));
  }

  private static String hash(String text) {
    return BlockHash.of(text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static void assertSays(String message, String code, String part) {
    assertThat(message).startsWith(code).contains("\nHINT: ");
    int hint = message.indexOf("\nHINT: ");
    assertThat(message.substring(0, hint)).contains(part);
    assertThat(message.substring(hint + 7)).isNotBlank();
  }
}
