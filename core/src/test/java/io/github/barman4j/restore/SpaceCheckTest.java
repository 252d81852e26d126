package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.repository.BackupReader;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceCheckTest {
  private static final Path OTHER_FILE_SYSTEM = Path.of("/dev/shm");
  private static final long WAL = 5_000_000;
  private static final int TABLE = 1_000_000;

  @TempDir
  private Path folder;

  private final StoredCluster cluster = new StoredCluster();
  private Path directory;
  private BackupReader backup;
  private long bytes;

  @BeforeEach
  void backUp() {
    directory = folder.resolve("data");
    cluster.tablespaces.add(new Backup.Tablespace(16385, "fast", "/srv/fast"));
    cluster.files.put("pg_tblspc/16385/PG_15_202209061/5/16400", new byte[TABLE]);
    Backup stored = cluster.backUp();
    backup = cluster.repository.openBackup(stored.id().value(), stored.manifestHash());
    bytes = cluster.files.values().stream().mapToLong(content -> content.length).sum();
  }

  private static TablespaceMap at(Path location) {
    return new TablespaceMap(List.of(new TablespaceMap.Place(16385, "fast", location, "mapped")));
  }

  private void run(Path location, Occupant occupant, SpaceCheck.Room room) throws IOException {
    SpaceCheck.run(backup, directory, at(location), WAL, occupant, room);
  }

  private void assertRefused(
      Path location, Occupant occupant, SpaceCheck.Room room, String... problems) {
    assertThatThrownBy(() -> run(location, occupant, room))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.RESTORE_SPACE);
          assertThat(e.problem()).contains(problems);
          assertThat(e.hint()).contains("barman.tablespaces");
        });
  }

  @Test
  void needsRoomForFilesTablespacesAndWalTogetherOnOneFileSystem() throws IOException {
    Path fast = folder.resolve("fast");

    run(fast, new Occupant.Nothing(), store -> bytes + WAL);

    assertRefused(
        fast,
        new Occupant.Nothing(),
        store -> bytes + WAL - 1,
        (bytes + WAL) + " bytes",
        (bytes + WAL - 1) + " bytes",
        fast + " " + TABLE + " bytes",
        "its WAL " + WAL + " bytes");
  }

  @Test
  void looksAtEachFileSystemByItself() throws IOException {
    assumeTrue(Files.isWritable(OTHER_FILE_SYSTEM), "no second file system");
    FileStore other = Files.getFileStore(OTHER_FILE_SYSTEM);
    assumeTrue(!other.equals(Files.getFileStore(folder)), "no second file system");
    Path fast = OTHER_FILE_SYSTEM.resolve("barman-not-there");

    run(fast, new Occupant.Nothing(), store -> store.equals(other) ? TABLE : bytes + WAL - TABLE);

    assertRefused(
        fast,
        new Occupant.Nothing(),
        store -> store.equals(other) ? TABLE - 1 : Long.MAX_VALUE,
        fast + " " + TABLE,
        (TABLE - 1) + " bytes");
    assertRefused(
        fast,
        new Occupant.Nothing(),
        store -> store.equals(other) ? Long.MAX_VALUE : bytes + WAL - TABLE - 1,
        directory.toString(),
        "its WAL");
  }

  @Test
  void whatIsOverwrittenIsRoom() throws IOException {
    Files.createDirectories(directory.resolve("base"));
    Files.write(directory.resolve("base/1"), new byte[300_000]);
    Path fast = folder.resolve("fast");

    run(fast, new Occupant.Cluster(), store -> bytes + WAL - 300_000);

    assertRefused(
        fast,
        new Occupant.Cluster(),
        store -> bytes + WAL - 300_001,
        "what is overwritten included");
    assertRefused(fast, new Occupant.Nothing(), store -> bytes + WAL - 300_000, "left");
  }

  /** The folder of another major version in a tablespace's location is not touched. */
  @Test
  void whatStaysInATablespaceIsNoRoom() throws IOException {
    Path fast = folder.resolve("fast");
    Files.createDirectories(fast.resolve("PG_15_202209061"));
    Files.createDirectories(fast.resolve("PG_16_202307071"));
    Files.write(fast.resolve("PG_15_202209061/1"), new byte[200_000]);
    Files.write(fast.resolve("PG_16_202307071/1"), new byte[400_000]);

    run(fast, new Occupant.Cluster(), store -> bytes + WAL - 200_000);

    assertRefused(fast, new Occupant.Cluster(), store -> bytes + WAL - 200_001, "included");
  }

  /** A tablespace inside of the data directory is not counted twice. */
  @Test
  void whatLiesInTheDataDirectoryIsRoomOnce() throws IOException {
    Path inside = directory.resolve("tablespace");
    Files.createDirectories(inside.resolve("PG_15_202209061"));
    Files.write(inside.resolve("PG_15_202209061/1"), new byte[200_000]);

    assertRefused(inside, new Occupant.Cluster(), store -> bytes + WAL - 200_001, "included");
  }
}
