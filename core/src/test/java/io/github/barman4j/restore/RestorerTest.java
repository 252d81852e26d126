package io.github.barman4j.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.postgres.SystemIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class RestorerTest {
  private static final Set<String> LEFT_OUT =
      Set.of("tablespace_map", "standby.signal", "postmaster.opts", "barman_wal/list");
  private static final String[] LOG = {
    "000000010000000000000009",
    "00000001000000000000000A",
    "00000001000000000000000B",
    "00000001000000000000000C",
    "00000001000000000000000D"
  };

  @TempDir
  private Path folder;

  private final StoredCluster cluster = new StoredCluster();
  private Path directory;

  @BeforeEach
  void archiveTheLog() throws IOException {
    directory = folder.resolve("new/data");
    cluster.archive(folder, LOG);
  }

  private RestoreRequest.Builder request() {
    return RestoreRequest.to(directory).owner(System.getProperty("user.name"));
  }

  private RestoreResult restore(RestoreRequest request) {
    RestorePlan plan = cluster.planner(folder.resolve("spool")).plan(request);
    return cluster.restorer().execute(plan, request);
  }

  private void assertRefused(RestoreRequest request, ErrorCode code, String problem, String hint) {
    assertThatThrownBy(() -> restore(request)).isInstanceOfSatisfying(BarmanException.class, e -> {
      assertThat(e.code()).isEqualTo(code);
      assertThat(e.problem()).contains(problem);
      assertThat(e.hint()).contains(hint);
    });
  }

  private static void assertMode(Path path, String permissions) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .as("mode of %s", path)
        .isEqualTo(permissions);
  }

  @Test
  void bringsBackEveryFileButThoseThatWouldBeWrong() throws IOException {
    cluster.backUp();

    RestoreResult result = restore(request().build());

    for (Map.Entry<String, byte[]> file : cluster.files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      if (LEFT_OUT.contains(file.getKey()) && !file.getKey().startsWith("barman_wal")) {
        assertThat(path).doesNotExist();
      } else if (!file.getKey().matches("postgresql.auto.conf|barman_wal/list")) {
        assertThat(path).hasBinaryContent(file.getValue());
      }
    }
    assertThat(result.backup()).isEqualTo(StoredCluster.BACKUP);
    assertThat(result.wal().count()).isEqualTo(5);
    assertThat(result.wal().bytes()).isEqualTo(5L << 20);
    assertThat(result.nextSteps()).first().asString().contains("start", directory.toString());
    assertMode(directory, "rwx------");
    assertMode(directory.resolve("base/1/17000"), "rw-------");
    for (String needed : new String[] {"pg_wal/archive_status", "pg_notify", "pg_tblspc"}) {
      assertThat(directory.resolve(needed)).isDirectory();
    }
    assertThat(directory.resolve("recovery.signal")).isEmptyFile();
    assertThat(directory.resolve("barman_restore_unfinished")).doesNotExist();
    assertThat(directory.resolve(ControlFile.PATH + ".barman")).doesNotExist();
  }

  @Test
  void laysTheWalReady() throws IOException {
    cluster.addHistory().backUp();

    restore(request().timeline(new TargetTimeline.Current()).build());

    Path spool = directory.resolve("barman_wal");
    assertThat(spool.resolve("list"))
        .hasContent("00000002.history\n" + String.join("\n", LOG) + "\n");
    for (String name : LOG) {
      assertThat(spool.resolve("wal").resolve(name)).hasBinaryContent(StoredCluster.golden(name));
    }
    assertThat(spool.resolve("wal/00000002.history")).content(UTF_8).startsWith("1\t0/E09AF8");
    assertThat(spool.resolve("complete")).exists();
    assertThat(spool.resolve("incoming")).isEmptyDirectory();
  }

  @Test
  void takesTheTailFromTheSpoolAtFullSize() throws IOException {
    cluster.backUp();
    Path spool = Files.createDirectory(folder.resolve("spool"));
    byte[] begun = Arrays.copyOf(StoredCluster.golden("00000002000000000000000E"), 100_000);
    Files.write(spool.resolve("00000002000000000000000E.partial"), begun);
    cluster.addHistory();

    RestoreResult result = restore(request().build());

    assertThat(result.timeline().id()).isEqualTo(2);
    assertThat(directory.resolve("barman_wal/wal/00000002000000000000000E"))
        .hasBinaryContent(Arrays.copyOf(begun, 1 << 20));
  }

  @Test
  void servesTheOldTimelinesSegmentOnlyUpToTheFork() throws IOException {
    cluster.addHistory().backUp();
    Path spool = Files.createDirectory(folder.resolve("spool"));
    byte[] old = StoredCluster.golden("00000002000000000000000E");
    Files.write(spool.resolve("00000001000000000000000E.partial"), old);

    restore(request().build());

    byte[] cut = old.clone();
    Arrays.fill(cut, 0x09AF8, cut.length, (byte) 0);
    assertThat(directory.resolve("barman_wal/wal/00000001000000000000000E")).hasBinaryContent(cut);
  }

  @Test
  void keepsGroupAccess() throws IOException {
    cluster.mode = 0640;
    cluster.backUp();

    restore(request().build());

    assertMode(directory, "rwxr-x---");
    assertMode(directory.resolve("base/1/17000"), "rw-r-----");
    assertMode(directory.resolve("pg_wal/archive_status"), "rwxr-x---");
  }

  @Test
  void restoresIntoAnEmptyDirectoryThatIsThere() throws IOException {
    cluster.backUp();
    Files.createDirectories(directory);

    restore(request().build());

    assertThat(directory.resolve("PG_VERSION")).exists();
    assertMode(directory, "rwx------");
  }

  @Test
  void writesTablespacesWhereTheyAreMapped() throws IOException {
    Path fast = folder.resolve("fast disk");
    cluster.tablespaces.add(new Backup.Tablespace(16385, "fast", "/srv/fast"));
    cluster.file("pg_tblspc/16385/PG_15_202209061/5/16400", "in a tablespace");
    cluster.backUp();

    restore(request().tablespaces(Map.of("fast", fast)).build());

    assertThat(fast.resolve("PG_15_202209061/5/16400")).hasContent("in a tablespace");
    assertThat(Files.readSymbolicLink(directory.resolve("pg_tblspc/16385"))).isEqualTo(fast);
    assertThat(directory.resolve("tablespace_map")).doesNotExist();
    assertMode(fast, "rwx------");
  }

  @Test
  void refusesATablespaceWhoseLocationIsInUse() throws IOException {
    Path used = Files.createDirectories(folder.resolve("used/PG_15_202209061")).getParent();
    cluster.tablespaces.add(new Backup.Tablespace(16385, "fast", used.toString()));
    cluster.backUp();

    assertRefused(
        request().build(),
        ErrorCode.TABLESPACE_NOT_MAPPED,
        used.toString(),
        "barman.tablespaces=fast=/new/location");
    assertThat(directory).doesNotExist();
  }

  @Test
  void refusesADirectoryThatIsNotEmpty() throws IOException {
    cluster.backUp();
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("something"), "");

    assertRefused(
        request().build(), ErrorCode.RESTORE_DIRECTORY_NOT_EMPTY, "not empty", "barman.restoreTo");
    assertThat(directory).isDirectoryNotContaining("glob:**PG_VERSION");
  }

  @Test
  void refusesADirectoryThatAServerRunsOn() throws IOException {
    cluster.backUp();
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("postmaster.pid"),
        ProcessHandle.current().pid() + "\n" + directory + "\n");

    assertRefused(
        request().build(), ErrorCode.RESTORE_DIRECTORY_RUNNING, "runs on", "another directory");
  }

  @Test
  void refusesADirectoryThatCannotBeWritten() throws IOException {
    cluster.backUp();
    Files.writeString(folder.resolve("new"), "a file");

    assertRefused(
        request().build(),
        ErrorCode.RESTORE_DIRECTORY_UNWRITABLE,
        "not a directory",
        "name another");
  }

  @Test
  void refusesAnOwnerThatThereIsNot() {
    cluster.backUp();

    assertRefused(
        request().owner("nobody-of-this-name").build(),
        ErrorCode.RESTORE_OWNER,
        "nobody-of-this-name",
        "barman.owner");
    assertThat(directory).doesNotExist();
  }

  @Test
  @EnabledIfSystemProperty(named = "user.name", matches = "root")
  void givesEverythingToTheOwner() throws IOException {
    cluster.backUp();

    restore(request().owner("nobody").build());

    try (Stream<Path> all = Files.walk(directory)) {
      assertThat(all)
          .allSatisfy(
              path -> assertThat(Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName())
                  .isEqualTo("nobody"));
    }
    assertThat(Files.getOwner(directory.getParent()).getName()).isEqualTo("nobody");
  }

  @Test
  void refusesABackupThatMixesTwoClusters() {
    cluster.system = new SystemIdentifier(1);
    cluster.backUp();

    assertRefused(
        request().build(),
        ErrorCode.REPOSITORY_OTHER_SYSTEM,
        "of the cluster 7711",
        "another backup");
    assertThat(directory).doesNotExist();
  }

  @Test
  void refusesABackupWithoutItsOwnLabel() {
    cluster
        .file("backup_label", StoredCluster.LABEL.replace("0/900028", "0/800028"))
        .backUp();

    assertRefused(
        request().build(), ErrorCode.RESTORE_BACKUP_DAMAGED, "begins at 0/800028", "heal");
    assertThat(directory).doesNotExist();
  }

  @Test
  void leavesADirectoryThatPostgresqlDoesNotStartOnWhenTheBackupIsDamaged() {
    cluster.backUp();
    String pack = cluster.store.list("main/packs/").get(0);
    byte[] content = cluster.store.get(pack);
    content[content.length / 2] ^= 1;
    cluster.store.overwrite(pack, content);

    assertThatThrownBy(() -> restore(request().build())).isInstanceOf(IntegrityException.class);

    assertThat(directory.resolve(ControlFile.PATH)).doesNotExist();
    assertThat(directory.resolve("barman_restore_unfinished"))
        .content(UTF_8)
        .contains(StoredCluster.BACKUP.value(), StoredCluster.SYSTEM.toString());
  }

  @Test
  void refusesALinkThatIsNoTablespaces() {
    cluster.links.put("base/2", "/etc");
    cluster.file("base/2/passwd", "x").backUp();

    assertThatThrownBy(() -> restore(request().build()))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("base/2");
    assertThat(directory.resolve("base/2")).doesNotExist();
  }

  @Test
  void failsWhenWalIsDamagedAndTellsWhoeverWaitsForIt() throws IOException {
    cluster.backUp();
    String key = cluster.store.list("main/wal/").stream()
        .filter(name -> name.endsWith("B"))
        .findFirst()
        .orElseThrow();
    RestoreRequest request = request().build();
    RestorePlan plan = cluster.planner(folder.resolve("spool")).plan(request);
    byte[] content = cluster.store.get(key);
    content[content.length - 1000] ^= 1;
    cluster.store.overwrite(key, content);

    assertThatThrownBy(() -> cluster.restorer().execute(plan, request))
        .isInstanceOfSatisfying(IntegrityException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.WAL_INVALID);
          assertThat(e.problem()).contains("00000001000000000000000B", "is damaged");
          assertThat(e.hint()).contains("good copy", "barman.targetLsn=0/9");
        });

    assertThat(directory.resolve("barman_wal/failed")).exists();
    assertThat(directory.resolve("barman_wal/complete")).doesNotExist();
    assertThat(directory.resolve(ControlFile.PATH)).doesNotExist();
  }

  @Test
  void aCheckRefusesWithoutWriting() throws IOException {
    cluster.backUp();
    RestoreRequest request = request().build();
    RestorePlan plan = cluster.planner(folder.resolve("spool")).plan(request);

    cluster.restorer().check(plan, request);

    assertThat(folder).isEmptyDirectory();
    Files.createDirectories(directory.resolve("x"));
    assertThatThrownBy(() -> cluster.restorer().check(plan, request))
        .isInstanceOf(BarmanException.class);
  }

  @Test
  void refusesToWriteOutsideOfTheDirectory() {
    DataDirectory data =
        new DataDirectory(directory, new TablespaceMap(List.of()), FileOwner.SELF, false);

    for (String path : new String[] {"../x", "a/../../x", "/etc/passwd", "a//b", ".", "a/\0"}) {
      assertThatThrownBy(() -> data.resolve(path)).isInstanceOf(IntegrityException.class);
    }
    assertThat(data.resolve("base/1/2")).isEqualTo(directory.resolve("base/1/2"));
  }

  @Test
  void writesTheSettingsOfTheRecovery() throws IOException {
    cluster.backUp();

    RestoreResult result = restore(request().build());

    assertThat(directory.resolve("postgresql.auto.conf"))
        .content(UTF_8)
        .contains(
            "work_mem = '5MB'",
            "primary_slot_name = ''",
            "recovery_target_timeline = '1'",
            "archive_mode = 'off'",
            "max_prepared_transactions = '7'",
            "max_connections = '33'")
        .doesNotContain("'prod'");
    assertMode(directory.resolve("postgresql.auto.conf"), "rw-------");
    assertThat(result.changes()).anyMatch(change -> change.contains("archive_mode"));
  }
}
