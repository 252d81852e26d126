package io.github.barman4j.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.TaskGroup;
import io.github.barman4j.store.InMemoryObjectStore;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backup whose parent is not what it was: it never refers to what is not there, and says so. */
class MissingPackTest {
  private static final String SECOND = BackupRoundTripTest.id(1);

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ServerRepository server = Repository.openOrCreate(
          store, new RepositoryOptions(8192, 16384, 131_072, 16))
      .server("main");
  private final SampleDatabase database = new SampleDatabase(new SplittableRandom(3), 0, 1);
  private List<String> notes = List.of();
  private BackupContents first;

  @BeforeEach
  void takeTheParent() {
    SplittableRandom random = new SplittableRandom(4);
    for (String path : List.of("base/1/1", "base/1/2", "base/1/3")) {
      byte[] content = new byte[400_000];
      random.nextBytes(content);
      database.files.put(path, content);
    }
    first = BackupRoundTripTest.store(server, 0, null, database);
  }

  @Test
  void aWholeParentIsReferredTo() {
    assertThat(take(Set.of()).newBytes()).isZero();
    assertThat(notes).isEmpty();
  }

  @Test
  void blocksInAPackThatIsGoneAreStoredAnewAndToldOf() {
    List<String> packs = store.list("main/packs/");
    assertThat(packs).hasSizeGreaterThan(5);
    String gone = packs.get(2);
    long lost = store.size(gone).orElseThrow();
    store.delete(gone);
    BackupContents second = take(Set.of());
    assertThat(second.newBytes()).isBetween(lost / 2, 2 * lost);
    assertThat(second.packs()).doesNotContainKey(idOf(gone));
    assertThat(notes).singleElement().asString().contains(gone, "missing");
    assertWhole(second);
  }

  /** Also the packs that hold the parent's own maps. */
  @Test
  void whicheverPackIsGoneTheNextBackupIsWhole() {
    for (String pack : store.list("main/packs/")) {
      byte[] content = store.get(pack);
      store.delete(pack);
      BackupContents second = take(Set.of());
      assertThat(second.newBytes()).isPositive();
      assertThat(notes).isNotEmpty().allMatch(note -> note.contains(pack));
      assertWhole(second);
      store.list("main/packs/").stream()
          .filter(key -> !first.packs().containsKey(idOf(key)))
          .forEach(store::delete);
      store.delete("main/manifests/" + SECOND);
      store.overwrite(pack, content);
    }
  }

  @Test
  void packsThatAreToDieAreNotReferredToAndThatIsNoDamage() {
    String pack = idOf(store.list("main/packs/").get(1));
    BackupContents second = take(Set.of(pack));
    assertThat(second.packs()).doesNotContainKey(pack);
    assertThat(second.newBytes()).isPositive().isLessThan(400_000);
    assertThat(notes).isEmpty();
    assertWhole(second);
  }

  private BackupContents take(Set<String> avoided) {
    BackupReader parent = server.openBackup(BackupRoundTripTest.id(0), first.manifestHash());
    try (RepositoryLock lock = server.lock(ServerRepository.BACKUP);
        TaskGroup workers = TaskGroup.of("hashing", 2, 4);
        BackupWriter writer =
            server.newBackup(SECOND, parent, avoided, workers, server.compression())) {
      assertThat(lock).isNotNull();
      BackupContents contents = database.storeIn(writer);
      notes = writer.parentDamage().stream().map(damage -> damage.problem()).toList();
      server.confirmBackup(SECOND);
      return contents;
    }
  }

  private void assertWhole(BackupContents contents) {
    BackupReader reader = server.openBackup(SECOND, contents.manifestHash());
    database.files.forEach((path, content) ->
        assertThat(reader.readAll((FileEntry) reader.find(path).orElseThrow())).isEqualTo(content));
  }

  private static String idOf(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }
}
