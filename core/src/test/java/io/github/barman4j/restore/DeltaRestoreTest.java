package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.ControlFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaRestoreTest {
  @TempDir
  private Path folder;

  private final StoredCluster cluster = new StoredCluster();
  private Path directory;

  @BeforeEach
  void archiveTheLog() throws IOException {
    directory = folder.resolve("data");
    cluster.archive(folder, "000000010000000000000009");
  }

  private RestoreResult restore(RestoreRequest.Builder request) {
    RestoreRequest built = request.owner(System.getProperty("user.name")).build();
    RestorePlan plan = cluster.planner(folder.resolve("spool")).plan(built);
    return cluster.restorer().execute(plan, built);
  }

  private RestoreResult restore(boolean delta) {
    return restore(RestoreRequest.to(directory).delta(delta));
  }

  private void assertRefused(
      RestoreRequest.Builder request, ErrorCode code, String problem, String hint) {
    assertThatThrownBy(() -> restore(request)).isInstanceOfSatisfying(BarmanException.class, e -> {
      assertThat(e.code()).isEqualTo(code);
      assertThat(e.problem()).contains(problem);
      assertThat(e.hint()).contains(hint);
    });
  }

  @Test
  void makesEverythingEqualWhateverHasBecomeOfIt() throws IOException {
    cluster.backUp();
    restore(false);
    RestoredFiles.spoil(directory);

    RestoreResult result = restore(true);

    RestoredFiles.assertEqual(cluster, directory);
    RestoreResult.Delta delta = result.delta().orElseThrow();
    assertThat(delta.resumed()).isFalse();
    assertThat(delta.removed()).isGreaterThan(5);
    assertThat(directory.resolve("postgresql.auto.conf")).content().doesNotContain("port = 1");
    assertThat(result.fallbacks()).isEmpty();
  }

  @Test
  void writesOnlyTheBlocksThatDiffer() throws IOException {
    cluster.backUp();
    restore(false);
    // Both in a block with content and in one that is all zero in the backup.
    RestoredFiles.flip(directory.resolve("base/1/17000"), 2_000_000);
    RestoredFiles.flip(directory.resolve("base/1/17000"), 700_000);

    RestoreResult result = restore(true);

    RestoredFiles.assertEqual(cluster, directory);
    RestoreResult.Delta delta = result.delta().orElseThrow();
    // Two of the table and what the restore itself had changed: the settings.
    assertThat(delta.blocksWritten()).isEqualTo(3);
    assertThat(delta.blocksKept()).isGreaterThan(100);
  }

  @Test
  void writesWhatIsMissingAtTheEndOfAFileThatBecameShorter() throws IOException {
    cluster.backUp();
    restore(false);
    try (FileChannel table =
        FileChannel.open(directory.resolve("base/1/17000"), StandardOpenOption.WRITE)) {
      table.truncate(1_000_001);
    }

    restore(true);

    RestoredFiles.assertEqual(cluster, directory);
  }

  @Test
  void doesNotWriteIntoAFileThatHasAnotherName() throws IOException {
    cluster.backUp();
    restore(false);
    Path snapshot = folder.resolve("snapshot of 17000");
    Files.createLink(snapshot, directory.resolve("base/1/17000"));
    RestoredFiles.flip(directory.resolve("base/1/17000"), 10);
    byte[] before = Files.readAllBytes(snapshot);

    restore(true);

    RestoredFiles.assertEqual(cluster, directory);
    assertThat(snapshot).hasBinaryContent(before);
  }

  @Test
  void replacesLinksAndDoesNotFollowThem() throws IOException {
    cluster.backUp();
    restore(false);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("000000010000000000000001"), "someone's");
    Path wal = directory.resolve("pg_wal");
    Files.delete(wal.resolve("archive_status"));
    Files.delete(wal);
    Files.createSymbolicLink(wal, elsewhere);
    Path table = Files.writeString(folder.resolve("table"), "someone's too");
    Files.delete(directory.resolve("base/1/16003"));
    Files.createSymbolicLink(directory.resolve("base/1/16003"), table);

    RestoreResult result = restore(true);

    RestoredFiles.assertEqual(cluster, directory);
    assertThat(Files.isDirectory(wal, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(elsewhere.resolve("000000010000000000000001")).hasContent("someone's");
    assertThat(table).hasContent("someone's too");
    assertThat(result.changes())
        .anyMatch(
            change -> change.contains("link pg_wal") && change.contains(elsewhere.toString()));
  }

  @Test
  void overwritesTheTablespaceThatIsItsOwnAndLeavesTheRestOfItsLocationAlone() throws IOException {
    Path location = folder.resolve("fast");
    cluster.tablespaces.add(new Backup.Tablespace(16385, "fast", location.toString()));
    cluster.file("pg_tblspc/16385/PG_15_202209061/5/16400", "in a tablespace");
    cluster.backUp();
    restore(false);
    Path version = location.resolve("PG_15_202209061/5");
    Files.writeString(version.resolve("16400"), "in b tablespace");
    Files.writeString(version.resolve("16401"), "not in the backup");
    Files.createDirectories(location.resolve("PG_16_202307071"));
    Files.writeString(location.resolve("PG_16_202307071/1"), "of another major");
    Path old = Files.createDirectories(folder.resolve("dropped tablespace"));
    Files.writeString(old.resolve("file"), "of a tablespace that the backup does not have");
    Files.createSymbolicLink(directory.resolve("pg_tblspc/16999"), old);

    restore(true);

    assertThat(version.resolve("16400")).hasContent("in a tablespace");
    assertThat(version.resolve("16401")).doesNotExist();
    assertThat(location.resolve("PG_16_202307071/1")).hasContent("of another major");
    assertThat(directory.resolve("pg_tblspc/16999")).doesNotExist();
    assertThat(old.resolve("file")).exists();
  }

  @Test
  void movesATablespaceWhenItIsMappedElsewhere() throws IOException {
    Path location = folder.resolve("fast");
    cluster.tablespaces.add(new Backup.Tablespace(16385, "fast", location.toString()));
    cluster.file("pg_tblspc/16385/PG_15_202209061/5/16400", "in a tablespace");
    cluster.backUp();
    restore(false);
    Path other = folder.resolve("other");

    RestoreResult result =
        restore(RestoreRequest.to(directory).delta(true).tablespaces(Map.of("fast", other)));

    assertThat(other.resolve("PG_15_202209061/5/16400")).hasContent("in a tablespace");
    assertThat(Files.readSymbolicLink(directory.resolve("pg_tblspc/16385"))).isEqualTo(other);
    assertThat(location.resolve("PG_15_202209061/5/16400")).exists();
    assertThat(result.changes()).anyMatch(change -> change.contains(location.toString()));
  }

  @Test
  void refusesATablespaceLocationThatIsSomebodyElses() throws IOException {
    Path location = folder.resolve("fast");
    cluster.tablespaces.add(new Backup.Tablespace(16385, "fast", location.toString()));
    cluster.file("pg_tblspc/16385/PG_15_202209061/5/16400", "in a tablespace");
    cluster.backUp();
    restore(false);
    Path other =
        Files.createDirectories(folder.resolve("other/PG_15_202209061")).getParent();

    assertRefused(
        RestoreRequest.to(directory).delta(true).tablespaces(Map.of("fast", other)),
        ErrorCode.TABLESPACE_NOT_MAPPED,
        "is not empty",
        "barman.tablespaces=fast=/new/location");
    assertThat(directory.resolve(ControlFile.PATH)).exists();
  }

  @Test
  void restoresIntoAnEmptyDirectoryToo() throws IOException {
    cluster.backUp();

    RestoreResult result = restore(true);

    RestoredFiles.assertEqual(cluster, directory);
    assertThat(result.delta()).isEmpty();
  }

  @Test
  void refusesAClusterWithoutBeingAskedToOverwriteIt() throws IOException {
    cluster.backUp();
    restore(false);

    assertRefused(
        RestoreRequest.to(directory),
        ErrorCode.RESTORE_DIRECTORY_NOT_EMPTY,
        "holds a PostgreSQL cluster",
        "barman.delta=true");
    assertThat(directory.resolve(ControlFile.PATH)).exists();
  }

  @Test
  void refusesWhatIsNoDataDirectory() throws IOException {
    cluster.backUp();
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("letter.txt"), "dear");

    assertRefused(
        RestoreRequest.to(directory).delta(true),
        ErrorCode.RESTORE_OTHER_SYSTEM,
        "no global/pg_control",
        "right directory?");
    assertThat(directory.resolve("letter.txt")).hasContent("dear");
  }

  @Test
  void refusesTheClusterOfAnotherSystem() throws IOException {
    cluster.backUp();
    restore(false);
    Path control = directory.resolve(ControlFile.PATH);
    Files.write(control, OtherControlFile.withSystem(Files.readAllBytes(control), 4711));

    assertRefused(
        RestoreRequest.to(directory).delta(true),
        ErrorCode.RESTORE_OTHER_SYSTEM,
        "of the system 4711, the backup is of " + StoredCluster.SYSTEM,
        "right directory?");
  }

  @Test
  void refusesAControlFileThatCannotBeRead() throws IOException {
    cluster.backUp();
    restore(false);
    RestoredFiles.flip(directory.resolve(ControlFile.PATH), 20);

    assertRefused(
        RestoreRequest.to(directory).delta(true),
        ErrorCode.RESTORE_OTHER_SYSTEM,
        "cannot be told whose cluster",
        "delete its content");
  }

  @Test
  void refusesTheDirectoryOfAnotherMajorVersion() throws IOException {
    cluster.backUp();
    restore(false);
    Files.writeString(directory.resolve("PG_VERSION"), "14\n");

    assertRefused(
        RestoreRequest.to(directory).delta(true),
        ErrorCode.RESTORE_VERSION,
        "of PostgreSQL 14, the backup is of 15",
        "right directory?");
  }

  @Test
  void refusesTheUnfinishedRestoreOfAnotherSystem() throws IOException {
    cluster.backUp();
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("barman_restore_unfinished"),
        "backup 20261123T063805Z-00aa of system 4711, begun at 2026-11-23T06:38:05Z\n");

    assertRefused(
        RestoreRequest.to(directory),
        ErrorCode.RESTORE_OTHER_SYSTEM,
        "unfinished restore of the system 4711",
        "delete its content");
  }

  @Test
  void refusesAMarkThatItCannotRead() throws IOException {
    cluster.backUp();
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("barman_restore_unfinished"), "something");

    assertRefused(
        RestoreRequest.to(directory),
        ErrorCode.RESTORE_DIRECTORY_NOT_EMPTY,
        "mark this release cannot read",
        "delete its content");
  }

  /** The pid file may have been deleted; all processes of a server work in the data directory. */
  @Test
  void refusesADirectoryThatAProcessOfPostgresqlWorksIn() throws IOException, InterruptedException {
    cluster.backUp();
    restore(false);
    Path program = Files.copy(Path.of("/bin/sleep"), folder.resolve("postgres"));
    Process process = new ProcessBuilder(program.toString(), "60")
        .directory(directory.toFile())
        .start();
    try {
      assertRefused(
          RestoreRequest.to(directory).delta(true),
          ErrorCode.RESTORE_DIRECTORY_RUNNING,
          "process " + process.pid(),
          "stop the server first");
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    restore(true);
  }

  @Test
  void leftoversOfAProcessKilledAtItsBeginningDoNotCount() throws IOException {
    cluster.backUp();
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(".tmp-1234"), "half a mark");
    Files.writeString(directory.resolve(".barman-probe-1.tmp"), "");

    restore(false);

    RestoredFiles.assertEqual(cluster, directory);
  }
}
