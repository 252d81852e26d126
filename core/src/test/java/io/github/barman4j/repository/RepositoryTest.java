package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.RepositoryLockedException;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.store.ReadOnlyObjectStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T06:01:02.345Z"));

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  @Test
  void isMadeOnceAndOpenedAfterwards() {
    Repository made = Repository.openOrCreate(store, RepositoryOptions.defaults());
    Repository again = Repository.openOrCreate(store, new RepositoryOptions(8192, 8192, 8192, 16));
    assertThat(again.id()).isEqualTo(made.id()).matches("[0-9a-f]{32}");
    assertThat(again.options()).isEqualTo(RepositoryOptions.defaults());
  }

  @Test
  void saysThatThereIsNone() {
    assertThatThrownBy(() -> Repository.open(store))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.REPOSITORY_NOT_FOUND));
    assertThat(store.list("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"version\" : 1;\"version\" : 2",
        "\"version\" : 1;\"version\" : \"1\"",
        "\"keySlots\" : [ ];\"keySlots\" : [ {} ]",
        "barman4j-repository;another",
      })
  void refusesAFormatThatItDoesNotKnow(String change) {
    Repository.openOrCreate(store, RepositoryOptions.defaults());
    String content = new String(SealedJson.open("", store.get("repository.json")), UTF_8);
    String[] parts = change.split(";");
    assertThat(content).contains(parts[0]);
    store.overwrite(
        "repository.json", SealedJson.seal(content.replace(parts[0], parts[1]).getBytes(UTF_8)));
    assertThatThrownBy(() -> Repository.open(store))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.REPOSITORY_FORMAT_UNKNOWN));
  }

  @Test
  void ignoresMembersThatItDoesNotKnow() {
    Repository.openOrCreate(store, RepositoryOptions.defaults());
    String content = new String(SealedJson.open("", store.get("repository.json")), UTF_8);
    String more = content.replace("\"version\"", "\"colour\" : \"blue\", \"version\"");
    store.overwrite("repository.json", SealedJson.seal(more.getBytes(UTF_8)));
    assertThat(Repository.open(store).options()).isEqualTo(RepositoryOptions.defaults());
  }

  @Test
  void findsEveryFlippedByteOfItsJson() {
    Repository repository = Repository.openOrCreate(store, RepositoryOptions.defaults());
    ServerRepository server = repository.server("main");
    server.claim(7L, 15);
    server.documents().putIfAbsent("backups/x.json", "{\"id\":\"x\"}".getBytes(UTF_8));
    Flips.everyByteOf(store, "repository.json", () -> Repository.open(store));
    Flips.everyByteOf(store, "main/server.json", server::identity);
    Flips.everyByteOf(
        store, "main/backups/x.json", () -> server.documents().find("backups/x.json"));
  }

  @Test
  void belongsToOneClusterPerServer() {
    Repository repository = Repository.openOrCreate(store, RepositoryOptions.defaults());
    ServerRepository server = repository.server("main");
    assertThat(server.identity()).isEmpty();
    server.claim(-2L, 15);
    server.claim(-2L, 15);
    assertThat(server.identity()).hasValue(new ServerIdentity(-2L, 15));
    assertThatThrownBy(() -> server.claim(3L, 15))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.REPOSITORY_OTHER_SYSTEM);
          assertThat(e.problem()).contains("18446744073709551614", "system identifier 3", "'main'");
        });
    repository.server("other").claim(3L, 17);
  }

  @Test
  void refusesAnIdentityOfAnotherServer() {
    ServerRepository server =
        Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main");
    store.putIfAbsent("main/server.json", new ServerIdentity(1, 15).sealed("other"));
    assertThatThrownBy(server::identity)
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("'other'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Main", "-x", "a/b", "..", "a.b", "ä"})
  void refusesServerNamesThatAreNoKeys(String name) {
    Repository repository = Repository.openOrCreate(store, RepositoryOptions.defaults());
    assertThatThrownBy(() -> repository.server(name)).isInstanceOf(BarmanException.class);
  }

  @Test
  void aLockNamesItsHolder() {
    Repository.openOrCreate(store, RepositoryOptions.defaults());
    ServerRepository server = Repository.open(store, CLOCK).server("main");
    assertThat(server.isLocked("backup")).isFalse();
    try (RepositoryLock lock = server.lock("backup")) {
      assertThat(lock).isNotNull();
      assertThat(server.isLocked("backup")).isTrue();
      assertThat(server.isLocked("receive")).isFalse();
      assertThatThrownBy(() -> Repository.open(store).server("main").lock("backup"))
          .isInstanceOfSatisfying(RepositoryLockedException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.REPOSITORY_LOCKED);
            assertThat(e.problem())
                .contains("'backup'", "process " + ProcessHandle.current().pid() + " on ")
                .contains("since 2026-11-23T06:01:02Z");
          });
    }
    assertThat(server.isLocked("backup")).isFalse();
    server.lock("backup").close();
  }

  @Test
  void aBackupIsUsedByAnyNumberOfReaders() {
    ServerRepository server =
        Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main");
    String id = BackupRoundTripTest.id(1);
    assertThatThrownBy(() -> server.use(id))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_UNKNOWN));
    server.documents().putIfAbsent("backups/" + id + ".json", "{}".getBytes(UTF_8));
    try (RepositoryLock one = server.use(id);
        RepositoryLock other = server.use(id);
        RepositoryLock backup = server.lock("backup")) {
      assertThat(new Object[] {one, other, backup}).doesNotContainNull();
      assertThat(server.users(id))
          .hasSize(2)
          .allMatch(text -> text.startsWith("process " + ProcessHandle.current().pid() + " on "));
    }
    assertThat(server.users(id)).isEmpty();
    try (RepositoryLock deletion = server.lock(ServerRepository.DELETE)) {
      assertThat(deletion).isNotNull();
      assertThatThrownBy(() -> server.use(id)).isInstanceOf(RepositoryLockedException.class);
    }
    assertThat(server.users(id)).isEmpty();
    assertThatThrownBy(() -> server.use("../../x")).hasMessageContaining("no backup id");
  }

  @Test
  void aRepositoryThatIsReadOnlyIsReadAndNothingElse() {
    String id = BackupRoundTripTest.id(0);
    SampleDatabase database = new SampleDatabase(new SplittableRandom(5), 3, 100_000);
    ServerRepository writable =
        Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main");
    writable.claim(1L, 15);
    BackupContents contents = BackupRoundTripTest.store(writable, 0, null, database);
    Map<String, byte[]> before = store.contents();
    ServerRepository server = Repository.open(ReadOnlyObjectStore.of(store)).server("main");
    server.claim(1L, 15);
    try (RepositoryLock lock = server.use(id)) {
      assertThat(lock).isNotNull();
      BackupReader reader = server.openBackup(id, contents.manifestHash());
      database.files.forEach((path, content) -> assertThat(
              reader.readAll((FileEntry) reader.find(path).orElseThrow()))
          .isEqualTo(content));
    }
    assertThat(server.isLocked("backup")).isFalse();
    assertUnwritable(() -> server.lock("backup"));
    assertUnwritable(() -> server.objects().put("wal/x", new byte[1]));
    assertUnwritable(() -> server.objects().delete("wal/x"));
    assertUnwritable(() -> server.documents().putIfAbsent("backups/x.json", new byte[1]));
    assertUnwritable(() -> server.documents().delete("backups/x.json"));
    assertUnwritable(
        () -> Repository.open(ReadOnlyObjectStore.of(store)).server("new").claim(2, 15));
    assertThat(store.contents()).containsExactlyInAnyOrderEntriesOf(before);
  }

  private static void assertUnwritable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.REPOSITORY_UNWRITABLE))
        .hasMessageContaining("barman.readOnly");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4096,4096,4096,16",
        "24576,24576,1000000,16",
        "8192,12288,1000000,16",
        "8192,8192,4096,16",
        "8192,8192,1000000,15",
        "8192,8388608,100000000,16"
      })
  void refusesImpossibleSizes(String sizes) {
    String[] parts = sizes.split(",");
    assertThatThrownBy(() -> new RepositoryOptions(
            Integer.parseInt(parts[0]),
            Integer.parseInt(parts[1]),
            Integer.parseInt(parts[2]),
            Integer.parseInt(parts[3])))
        .isInstanceOf(BarmanException.class);
  }
}
