package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.store.FailingObjectStore;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.store.LocalObjectStore;
import io.github.barman4j.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that end in the middle: nobody sees them, and nothing of them stays. */
class UnfinishedBackupTest {
  private static final RepositoryOptions SMALL = new RepositoryOptions(8192, 16384, 65536, 16);

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  @Test
  void closeWithoutFinishLeavesNothing() {
    ServerRepository server = Repository.openOrCreate(store, SMALL).server("main");
    List<String> before = store.list("");
    try (RepositoryLock lock = server.lock("backup");
        TaskGroup workers = TaskGroup.of("hashing", 2, 4)) {
      assertThat(lock).isNotNull();
      try (BackupWriter writer = server.newBackup(BackupRoundTripTest.id(0), null, workers)) {
        byte[] content = RandomBytes.noise(1 << 20);
        writer.file(info("base/1", content), new ByteArrayInputStream(content));
        assertThat(store.list("main/packs/")).isNotEmpty();
      }
    }
    assertThat(store.list("")).isEqualTo(before);
  }

  /** The n-th operation fails and all later ones: a full disk; and nobody cleans up, as after a kill. */
  @Test
  void whereverItFailsTheNextBackupWorksAndRemovesWhatWasLeft() {
    List<String> complete = keysOfASuccessfulBackup(1);
    List<String> packsOfASuccessfulBackup = keysOfASuccessfulBackup(0).stream()
        .filter(key -> key.startsWith("main/packs/"))
        .toList();
    int failAt = 0;
    Throwable failure;
    do {
      failAt++;
      InMemoryObjectStore disk = new InMemoryObjectStore();
      Repository.openOrCreate(disk, SMALL);
      FailingObjectStore failing = new FailingObjectStore(disk, failAt);
      failure = catchThrowable(() -> backUp(failing, 0));
      boolean committed = !disk.list("main/backups/").isEmpty();
      if (committed) {
        assertThat(disk.list("main/packs/")).isEqualTo(packsOfASuccessfulBackup);
        assertThat(disk.list("main/manifests/")).hasSize(1);
      }
      backUp(disk, 1);
      assertThat(disk.list("main/unfinished/")).isEmpty();
      if (!committed) {
        assertThat(disk.list("")).as("failing at %s", failAt).isEqualTo(complete);
      }
    } while (failure != null);
    assertThat(failAt).isGreaterThan(30);
  }

  @Test
  void aKilledProcessLeavesNothingForLong(@TempDir Path directory) throws IOException {
    LocalObjectStore disk = LocalObjectStore.at(directory);
    Repository.openOrCreate(disk, SMALL);
    int temporary = 0;
    int packs = 0;
    for (int failAt = 15; failAt < 25; failAt++) {
      FailingObjectStore failing = new FailingObjectStore(disk, failAt);
      assertThat(catchThrowable(() -> backUp(failing, 0))).isInstanceOf(BarmanException.class);
      temporary += temporaryFiles(directory).size();
      packs += disk.list("main/packs/").size();
      abandon(temporaryFiles(directory));
      backUp(disk, 1);
      assertThat(temporaryFiles(directory)).isEmpty();
      assertThat(disk.list("")).isEqualTo(keysOfASuccessfulBackup(1));
      disk.list("main/").forEach(disk::delete);
    }
    assertThat(temporary).isPositive();
    assertThat(packs).isPositive();
  }

  /** The uploads are still open here, so their files are locked; those of a killed process are not. */
  private static void abandon(List<Path> files) throws IOException {
    for (Path file : files) {
      Files.copy(file, file.resolveSibling(DurableFile.TEMPORARY_PREFIX + UUID.randomUUID()));
      Files.delete(file);
    }
  }

  @Test
  void anUnfinishedBackupOfTheCatalogIsKept() {
    ServerRepository server = Repository.openOrCreate(store, SMALL).server("main");
    SampleDatabase database = database();
    BackupContents contents = BackupRoundTripTest.store(server, 0, null, database);
    new Leftovers(store, new ServerKeys("main")).mark(BackupRoundTripTest.id(0), server.objects());
    BackupRoundTripTest.store(server, 1, null, database);
    assertThat(store.list("main/unfinished/")).isEmpty();
    BackupReader reader = server.openBackup(BackupRoundTripTest.id(0), contents.manifestHash());
    database.files.forEach((path, content) ->
        assertThat(reader.readAll((FileEntry) reader.find(path).orElseThrow())).isEqualTo(content));
    try (RepositoryLock lock = server.lock("backup")) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> server.discardBackup(BackupRoundTripTest.id(0)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aFinishedBackupThatMissedTheCatalogCanBeDiscarded() {
    ServerRepository server = Repository.openOrCreate(store, SMALL).server("main");
    List<String> before = store.list("");
    try (RepositoryLock lock = server.lock("backup");
        TaskGroup workers = TaskGroup.of("hashing", 2, 4);
        BackupWriter writer = server.newBackup(BackupRoundTripTest.id(0), null, workers)) {
      assertThat(lock).isNotNull();
      database().storeIn(writer);
      server.discardBackup(BackupRoundTripTest.id(0));
    }
    assertThat(store.list("")).isEqualTo(before);
  }

  @Test
  void needsTheLockAndAnIdOfItsOwn() {
    ServerRepository server = Repository.openOrCreate(store, SMALL).server("main");
    try (TaskGroup workers = TaskGroup.of("hashing", 1, 4)) {
      assertThatThrownBy(() -> server.newBackup(BackupRoundTripTest.id(0), null, workers))
          .isInstanceOf(IllegalStateException.class);
      BackupRoundTripTest.store(server, 0, null, database());
      try (RepositoryLock lock = server.lock("backup")) {
        assertThat(lock).isNotNull();
        assertThatThrownBy(() -> server.newBackup(BackupRoundTripTest.id(0), null, workers))
            .isInstanceOfSatisfying(
                BarmanException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_EXISTS));
        assertThatThrownBy(() -> server.newBackup("monday", null, workers))
            .isInstanceOf(BarmanException.class);
      }
    }
  }

  @Test
  void refusesContentOfAnotherLengthAndGoesNoFurther() {
    byte[] content = RandomBytes.noise(50_000);
    for (int announced : new int[] {49_999, 50_001, 0, 100_000}) {
      ServerRepository server = Repository.openOrCreate(store, SMALL).server("main");
      try (RepositoryLock lock = server.lock("backup");
          TaskGroup workers = TaskGroup.of("hashing", 2, 4);
          BackupWriter writer = server.newBackup(BackupRoundTripTest.id(0), null, workers)) {
        assertThat(lock).isNotNull();
        FileInfo info = new FileInfo("base/1", 0600, SampleDatabase.MODIFIED, announced);
        assertThatThrownBy(() -> writer.file(info, new ByteArrayInputStream(content)))
            .isInstanceOfSatisfying(BarmanException.class, e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_FAILED);
              assertThat(e.problem()).contains("'base/1'", String.valueOf(announced));
            });
        assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void aConnectionThatBreaksFailsTheBackup() {
    ServerRepository server = Repository.openOrCreate(store, SMALL).server("main");
    InputStream broken = new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("connection reset by peer");
      }
    };
    try (RepositoryLock lock = server.lock("backup");
        TaskGroup workers = TaskGroup.of("hashing", 2, 4);
        BackupWriter writer = server.newBackup(BackupRoundTripTest.id(0), null, workers)) {
      assertThat(lock).isNotNull();
      FileInfo info = new FileInfo("base/1", 0600, SampleDatabase.MODIFIED, 10);
      assertThatThrownBy(() -> writer.file(info, broken))
          .isInstanceOf(BarmanException.class)
          .hasMessageContaining("connection reset by peer");
    }
  }

  @Test
  void refusesPathsThatLeadOutAndFilesThatComeTwice() {
    for (String path :
        new String[] {"", "/etc/passwd", "../x", "a/../../b", "a//b", "a/.", "a/\0"}) {
      assertThatThrownBy(() -> new FileInfo(path, 0600, SampleDatabase.MODIFIED, 1))
          .isInstanceOf(BarmanException.class);
      assertThatThrownBy(() -> new LinkEntry(path, "/x")).isInstanceOf(BarmanException.class);
    }
    ServerRepository server = Repository.openOrCreate(store, SMALL).server("main");
    try (RepositoryLock lock = server.lock("backup");
        TaskGroup workers = TaskGroup.of("hashing", 2, 4);
        BackupWriter writer = server.newBackup(BackupRoundTripTest.id(0), null, workers)) {
      assertThat(lock).isNotNull();
      writer.directory("base", 0700);
      writer.link("base", "/x");
      assertThatThrownBy(writer::finish)
          .isInstanceOf(BarmanException.class)
          .hasMessageContaining("'base' twice");
    }
    assertThat(store.list("main/")).isEmpty();
  }

  private static void backUp(ObjectStore store, int number) {
    ServerRepository server = Repository.openOrCreate(store, SMALL).server("main");
    String id = BackupRoundTripTest.id(number);
    try (RepositoryLock lock = server.lock("backup");
        TaskGroup workers = TaskGroup.of("hashing", 1, 4)) {
      assertThat(lock).isNotNull();
      BackupWriter writer = server.newBackup(id, null, workers);
      database().storeIn(writer);
      server.documents().putIfAbsent("backups/" + id + ".json", "{}".getBytes(UTF_8));
      server.confirmBackup(id);
      writer.close();
    }
  }

  private static List<String> keysOfASuccessfulBackup(int number) {
    InMemoryObjectStore other = new InMemoryObjectStore();
    backUp(other, number);
    return other.list("");
  }

  private static SampleDatabase database() {
    SampleDatabase database = new SampleDatabase(new SplittableRandom(3), 0, 1);
    database.files.put("base/1", RandomBytes.noise(300_000));
    database.files.put("base/2", RandomBytes.noise(10_000));
    return database;
  }

  private static FileInfo info(String path, byte[] content) {
    return new FileInfo(path, 0600, SampleDatabase.MODIFIED, content.length);
  }

  private static List<Path> temporaryFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(".tmp-"))
          .toList();
    }
  }
}
