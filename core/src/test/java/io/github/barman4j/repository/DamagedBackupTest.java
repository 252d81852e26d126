package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.barman4j.BlockHash;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.store.InMemoryObjectStore;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every byte of a backup's objects, flipped. */
class DamagedBackupTest {
  private static final String MANIFEST = "main/manifests/" + BackupRoundTripTest.id(0);

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ServerRepository server = Repository.openOrCreate(
          store, new RepositoryOptions(8192, 16384, 1 << 20, 16))
      .server("main");
  private final Map<String, byte[]> files = new TreeMap<>();
  private String pack = "";
  private BlockHash manifestHash = BlockHash.of(new byte[0]);

  @BeforeEach
  void storeASmallBackup() {
    SampleDatabase database = new SampleDatabase(new SplittableRandom(1), 0, 1);
    byte[] large = new byte[40 * 8192];
    for (int page = 0; page < 40; page++) {
      large[page * 8192] = (byte) (page + 1);
    }
    database.files.put("base/5/large", large);
    database.files.put("base/5/small", "a small file".getBytes(UTF_8));
    files.putAll(database.files);
    manifestHash = BackupRoundTripTest.store(server, 0, null, database).manifestHash();
    assertThat(store.list("main/packs/")).hasSize(1);
    pack = store.list("main/packs/").get(0);
  }

  @Test
  void verifyingAPackFindsEveryFlippedByte() {
    String id = pack.substring(pack.lastIndexOf('/') + 1);
    Flips.everyByteOf(store, pack, () -> server.verifyPack(id));
  }

  @Test
  void readingNeverGivesOutWhatWasNotStored() {
    byte[] sound = store.get(pack);
    int found = 0;
    for (int at = 0; at < sound.length; at++) {
      byte[] damaged = sound.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      store.overwrite(pack, damaged);
      Throwable failure = catchThrowable(this::readAll);
      if (failure != null) {
        assertThat(failure)
            .isInstanceOfSatisfying(
                IntegrityException.class,
                e -> assertThat(e.problem())
                    .contains(pack)
                    .containsPattern("block \\d+ of '[a-z0-9/.]+' in backup 2026"));
        found++;
      }
    }
    int header = PackFormat.header(0, BackupRoundTripTest.id(0)).length;
    assertThat(found).isGreaterThan(sound.length / 2).isLessThan(sound.length - header);
  }

  @Test
  void openingAndListingFindsEveryFlippedByteOfAManifest() {
    Flips.everyByteOf(store, MANIFEST, () -> open().entries().forEach(entry -> {}));
  }

  @Test
  void findingAFileFindsDamageInItsPage() {
    byte[] damaged = store.get(MANIFEST);
    damaged[ManifestFormat.header(BackupRoundTripTest.id(0)).length + 5] ^= 1;
    store.overwrite(MANIFEST, damaged);
    assertThatThrownBy(() -> open().find("base/5/small"))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(MANIFEST)
        .hasMessageContaining("BRM-306");
  }

  @Test
  void refusesAnotherManifest() {
    assertThatThrownBy(
            () -> server.openBackup(BackupRoundTripTest.id(0), BlockHash.of(new byte[0])))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("does not match that of the catalog");
    store.overwrite("main/manifests/" + BackupRoundTripTest.id(1), store.get(MANIFEST));
    assertThatThrownBy(() -> server.openBackup(BackupRoundTripTest.id(1), manifestHash))
        .isInstanceOf(IntegrityException.class);
  }

  @Test
  void saysWhichFileNeedsAMissingPack() {
    store.delete(pack);
    assertThatThrownBy(this::readAll)
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("'base/5/large'")
        .hasMessageContaining(pack)
        .hasMessageContaining("missing");
    store.delete(MANIFEST);
    assertThatThrownBy(this::open)
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(MANIFEST);
  }

  private BackupReader open() {
    return server.openBackup(BackupRoundTripTest.id(0), manifestHash);
  }

  private void readAll() {
    BackupReader reader = open();
    files.forEach((path, content) -> {
      FileEntry file = (FileEntry) reader.find(path).orElseThrow();
      assertThat(reader.readAll(file)).isEqualTo(content);
    });
    reader.readAll(reader.findConfiguration("postgresql.conf").orElseThrow());
  }
}
