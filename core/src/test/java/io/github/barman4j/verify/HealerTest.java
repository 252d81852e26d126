package io.github.barman4j.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.postgres.Page;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.StoredBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealerTest {
  @TempDir
  Path scratch;

  private SampleRepository sample;
  private final List<String> asked = new ArrayList<>();

  @BeforeEach
  void makeRepository() throws IOException {
    sample = new SampleRepository(scratch);
  }

  @Test
  void takesADamagedBlockFromTheServerThatStillHasIt() throws IOException {
    Backup backup = sample.take(null);
    damagePacks();
    assertThat(sample.verify(VerifyRequest.all()).passed()).isFalse();
    HealReport report = healer(files(Map.of())).heal("latest");
    assertThat(report.lost()).isEmpty();
    assertThat(report.fromServer()).isGreaterThan(40);
    assertThat(report.passed()).isTrue();
    assertThat(new Catalog(sample.server()).isDamaged(backup.id())).isFalse();
    BackupReader reader = sample.server().openBackup(backup.id().value(), backup.manifestHash());
    sample.files.forEach((path, content) ->
        assertThat(reader.readAll((FileEntry) reader.find(path).orElseThrow())).isEqualTo(content));
    assertThat(reader.readBlock((FileEntry) reader.find(SampleRepository.TABLE).orElseThrow(), 17))
        .isEqualTo(Arrays.copyOfRange(
            sample.files.get(SampleRepository.TABLE), 17 * Page.SIZE, 18 * Page.SIZE));
  }

  @Test
  void takesNothingThatHasChanged() throws IOException {
    sample.take(null);
    damagePacks();
    byte[] changed = sample.files.get(SampleRepository.TABLE).clone();
    SampleRepository.page(changed, 5, 999, sample.log.position());
    HealReport report = healer(files(Map.of(SampleRepository.TABLE, changed))).heal("latest");
    assertThat(report.passed()).isFalse();
    assertThat(report.lost()).singleElement().satisfies(found -> {
      assertThat(found.file()).isEqualTo(SampleRepository.TABLE);
      assertThat(found.blocks()).containsExactly(5L);
    });
    assertThat(report.verification().backups().get(0).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.blocks()).containsExactly(5L));
    HealReport later = healer(files(Map.of())).heal("latest");
    assertThat(later.fromServer()).isEqualTo(1);
    assertThat(later.passed()).isTrue();
  }

  @Test
  void takesADamagedBlockFromABackupThatKeepsItElsewhere() throws IOException {
    Backup first = sample.take(null);
    Backup fresh = sample.take(null);
    damage(first, 11);
    HealReport report = healer(LiveFiles.NONE).heal(first.id().value());
    assertThat(report.fromBackups()).isPositive();
    assertThat(report.passed()).isTrue();
    assertThat(asked).isEmpty();
    damage(fresh, 30);
    damage(first, 30);
    assertThat(healer(LiveFiles.NONE).heal(first.id().value()).passed()).isFalse();
  }

  @Test
  void healsWhatAnotherBackupSharesWithIt() throws IOException {
    Backup first = sample.take(null);
    sample.change(2, 50);
    Backup second = sample.take(first);
    damage(first, 30);
    assertThat(sample.verify(VerifyRequest.all()).backups()).noneMatch(VerifiedBackup::passed);
    assertThat(healer(files(Map.of())).heal(second.id().value()).passed()).isTrue();
    assertThat(sample.verify(VerifyRequest.all()).passed()).isTrue();
    assertThat(new Catalog(sample.server()).isDamaged(first.id())).isFalse();
  }

  @Test
  void healsOnceMoreWhatItWasHealedWith() throws IOException {
    sample.take(null);
    damagePacks();
    assertThat(healer(files(Map.of())).heal("latest").passed()).isTrue();
    List<String> healed = sample.store.list("main/healed/");
    assertThat(healed).isNotEmpty();
    for (String key : healed) {
      byte[] content = sample.store.get(key);
      content[content.length / 2] ^= 1;
      sample.store.overwrite(key, content);
    }
    assertThat(sample.verify(VerifyRequest.all()).passed()).isFalse();
    HealReport report = healer(files(Map.of())).heal("latest");
    assertThat(report.lost()).isEmpty();
    assertThat(report.passed()).isTrue();
    assertThat(sample.verify(VerifyRequest.all()).findings()).isEmpty();
  }

  @Test
  void saysThatAManifestIsNotHealedAndWhatIsToBeDone() throws IOException {
    Backup backup = sample.take(null);
    sample.take(backup);
    sample.store.delete("main/manifests/" + backup.id());
    HealReport report = healer(files(Map.of())).heal("oldest");
    assertThat(report.passed()).isFalse();
    assertThat(report.lost())
        .singleElement()
        .asString()
        .contains("manifests/" + backup.id(), "put back from a copy of the repository");
    assertThat(new Catalog(sample.server()).isDamaged(backup.id())).isTrue();
  }

  @Test
  void saysSoWhereverTheManifestIsDamaged() throws IOException {
    Backup backup = sample.take(null);
    String key = "main/manifests/" + backup.id();
    byte[] sound = sample.store.get(key);
    for (int at = 0; at < sound.length; at += 5) {
      byte[] changed = sound.clone();
      changed[at] ^= 1;
      sample.store.overwrite(key, changed);
      HealReport report = healer(files(Map.of())).heal("latest");
      assertThat(report.passed()).as("byte %d", at).isFalse();
      assertThat(report.lost())
          .as("byte %d", at)
          .anySatisfy(found -> assertThat(found.toString())
              .contains("manifests/" + backup.id(), "put back from a copy of the repository"));
    }
  }

  @Test
  void saysWhichBlocksADamagedMapPageHidesAndHealsTheOthers() throws IOException {
    Backup backup = sample.take(null);
    damage(backup, 0);
    damageMapPages();
    HealReport report = healer(files(Map.of())).heal("latest");
    assertThat(report.fromServer()).as("the small file has block 0, too").isPositive();
    assertThat(report.passed()).isFalse();
    assertThat(report.lost()).hasSize(3).allSatisfy(found -> {
      assertThat(found.file()).isEqualTo(SampleRepository.TABLE);
      assertThat(found.problem()).contains("blocks lie", "put back from a copy of the repository");
    });
    assertThat(report.lost().stream().flatMap(found -> found.blocks().stream()))
        .hasSize(40)
        .doesNotHaveDuplicates();
    assertThat(report.lost().get(0).problem()).contains("where 16 blocks lie");
    assertThat(report.verification().backups().get(0).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.file()).isEqualTo(SampleRepository.TABLE));
  }

  /** They lie in one frame, and no frame has as many blocks as a page has entries: so they are found. */
  private void damageMapPages() {
    for (String key : sample.packs()) {
      byte[] sound = sample.store.get(key);
      for (int at = 0; at < sound.length; at += 16) {
        byte[] changed = sound.clone();
        changed[at] ^= 1;
        sample.store.overwrite(key, changed);
        boolean found = sample.verify(VerifyRequest.of("latest").withoutMarks()).findings().stream()
            .anyMatch(
                finding -> finding.blocks().size() >= 16 && finding.blocks().contains(0L));
        if (found) {
          return;
        }
      }
      sample.store.overwrite(key, sound);
    }
    throw new AssertionError("no map page was found");
  }

  /** One bit at the end of every frame of the table, and so of the other files. */
  private void damagePacks() {
    for (String key : sample.packs()) {
      byte[] pack = sample.store.get(key);
      Backup backup = new Catalog(sample.server()).find("latest");
      for (long block = 0; block < 40; block++) {
        StoredBlock place = place(backup, block);
        int last = place.frame() + place.frameLength() - 1;
        pack[last] = (byte) (sample.store.get(key)[last] ^ 1);
      }
      sample.store.overwrite(key, pack);
    }
  }

  private void damage(Backup backup, long block) {
    StoredBlock place = place(backup, block);
    String key = "main/packs/" + place.packName().substring(0, 2) + "/" + place.packName();
    byte[] pack = sample.store.get(key);
    pack[place.frame() + place.frameLength() - 1] ^= 1;
    sample.store.overwrite(key, pack);
  }

  private StoredBlock place(Backup backup, long block) {
    BackupReader reader = sample.server().openBackup(backup.id().value(), backup.manifestHash());
    FileEntry file = (FileEntry) reader.find(SampleRepository.TABLE).orElseThrow();
    return reader.place(file, block).orElseThrow();
  }

  private LiveFiles files(Map<String, byte[]> instead) {
    return (path, offset, length) -> {
      asked.add(path);
      byte[] content = instead.getOrDefault(path, sample.files.get(path));
      return content == null
          ? Optional.empty()
          : Optional.of(Arrays.copyOfRange(content, (int) offset, (int) offset + length));
    };
  }

  private Healer healer(LiveFiles live) {
    return new Healer(sample.server(), live, 2, EventSink.NONE, InstantSource.system());
  }
}
