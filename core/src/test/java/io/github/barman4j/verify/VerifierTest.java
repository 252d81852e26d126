package io.github.barman4j.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.Mark;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Page;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.repository.StoredBlock;
import io.github.barman4j.wal.TestLog;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalGap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {
  @TempDir
  Path scratch;

  private SampleRepository sample;

  @BeforeEach
  void makeRepository() throws IOException {
    sample = new SampleRepository(scratch);
  }

  @Test
  void passesWhatIsWholeAndCountsIt() throws IOException {
    Backup first = sample.take(null);
    sample.change(7, 1000);
    Backup second = sample.take(first);
    VerifyReport report = sample.verify(VerifyRequest.all());
    assertThat(report.findings()).isEmpty();
    assertThat(report.passed()).isTrue();
    assertThat(report.backups())
        .extracting(VerifiedBackup::id)
        .containsExactly(first.id().value(), second.id().value());
    assertThat(report.backups()).allSatisfy(one -> {
      assertThat(one.files()).isEqualTo(5);
      assertThat(one.blocks()).isEqualTo(40 + 4);
      assertThat(one.pages()).isEqualTo(41);
      assertThat(one.bytes()).isEqualTo(first.sizes().databaseBytes());
    });
    assertThat(report.wal().segments()).isEqualTo(2);
    assertThat(catalog().marks(second.id())).singleElement().isInstanceOf(Mark.Verified.class);
  }

  @Test
  void readsABlockThatBackupsShareOnce() throws IOException {
    byte[] noise = new byte[400_000];
    new SplittableRandom(1).nextBytes(noise);
    sample.files.put("pg_xact/0000", noise);
    Backup first = sample.take(null);
    long before = sample.store.bytesRead();
    sample.verify(VerifyRequest.of("latest").withoutMarks());
    long one = sample.store.bytesRead() - before;
    Backup last = first;
    for (int i = 0; i < 5; i++) {
      last = sample.take(last);
    }
    before = sample.store.bytesRead();
    sample.verify(VerifyRequest.all().withoutMarks());
    assertThat(sample.store.bytesRead() - before).isLessThan(2 * one);
    VerifiedBlocks blocks = new VerifiedBlocks(1);
    for (int i = 0; i < 100_000; i++) {
      StoredBlock block = new StoredBlock(
          io.github.barman4j.BlockHash.of(new byte[] {(byte) i}), 1 + i, i, 9, i & 7);
      blocks.add(block, i);
      assertThat(blocks.contains(block, i + 1)).isFalse();
    }
  }

  @Test
  void namesBackupFileAndBlockOfDamageAndEveryBackupThatSharesIt() throws IOException {
    Backup first = sample.take(null);
    sample.change(3, 1000);
    Backup second = sample.take(first);
    sample.change(19, 1001);
    sample.change(20, 1002);
    sample.change(21, 1003);
    Backup third = sample.take(second);
    damage(first, 20);
    VerifyReport report = sample.verify(VerifyRequest.of(first.id().value()));
    assertThat(report.passed()).isFalse();
    assertThat(report.backups().get(0).findings()).singleElement().satisfies(found -> {
      assertThat(found.backup()).isEqualTo(first.id().value());
      assertThat(found.file()).isEqualTo(SampleRepository.TABLE);
      assertThat(found.blocks()).contains(20L).allMatch(block -> block >= 19 && block <= 21);
      assertThat(found.problem()).contains("block ").contains("packs/");
      assertThat(found.toString()).contains(first.id().value(), SampleRepository.TABLE, "block");
    });
    assertThat(report.others())
        .singleElement()
        .satisfies(found -> assertThat(found.backup()).isEqualTo(second.id().value()));
    assertThat(catalog().isDamaged(first.id())).isTrue();
    assertThat(catalog().isDamaged(second.id())).isTrue();
    assertThat(catalog().isDamaged(third.id())).isFalse();
  }

  private StoredBlock place(Backup backup, long block) {
    var reader = sample.server().openBackup(backup.id().value(), backup.manifestHash());
    return reader
        .place((FileEntry) reader.find(SampleRepository.TABLE).orElseThrow(), block)
        .orElseThrow();
  }

  private void damage(Backup backup, long block) {
    StoredBlock place = place(backup, block);
    String key = "main/packs/" + place.packName().substring(0, 2) + "/" + place.packName();
    byte[] pack = sample.store.get(key);
    pack[place.frame() + place.frameLength() - 1] ^= 1;
    sample.store.overwrite(key, pack);
  }

  @Test
  void findsAWholeFrameInThePlaceOfAnother() throws IOException {
    Backup backup = sample.take(null);
    StoredBlock one = place(backup, 10);
    StoredBlock other = place(backup, 30);
    assertThat(one.frameLength()).isEqualTo(other.frameLength());
    String key = "main/packs/" + one.packName().substring(0, 2) + "/" + one.packName();
    byte[] pack = sample.store.get(key);
    System.arraycopy(pack, one.frame(), pack, other.frame(), one.frameLength());
    sample.store.overwrite(key, pack);
    assertThat(sample.verify(VerifyRequest.all()).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.problem()).contains("hash of a block"));
  }

  @Test
  void marksNothingWhenAskedNotTo() throws IOException {
    Backup backup = sample.take(null);
    damage(backup, 2);
    assertThat(sample.verify(VerifyRequest.all().withoutMarks()).passed()).isFalse();
    assertThat(catalog().marks(backup.id())).isEmpty();
  }

  @Test
  void findsAPageThatWasBadWhenItWasStored() throws IOException {
    sample.files.get(SampleRepository.TABLE)[9 * Page.SIZE + 5000] ^= 1;
    Backup backup = sample.take(null);
    VerifyReport report = sample.verify(VerifyRequest.all());
    assertThat(report.findings()).singleElement().satisfies(found -> {
      assertThat(found.file()).isEqualTo(SampleRepository.TABLE);
      assertThat(found.blocks()).containsExactly(9L);
      assertThat(found.problem()).contains("bad when it was stored", "checksum");
    });
    assertThat(catalog().isDamaged(backup.id())).isTrue();
  }

  @Test
  void takesATornPageThatTheLogMakesAnewForWhole() throws IOException {
    sample.files.get(SampleRepository.TABLE)[9 * Page.SIZE + 5000] ^= 1;
    sample.log.image(5, 16384, 0, 9);
    sample.take(null);
    assertThat(sample.verify(VerifyRequest.all()).findings()).isEmpty();
  }

  @Test
  void doesNotBelieveAGarbledPosition() throws IOException {
    byte[] table = sample.files.get(SampleRepository.TABLE);
    SampleRepository.page(table, 9, 5, sample.log.position());
    table[9 * Page.SIZE + 5000] ^= 1;
    sample.log.image(5, 16384, 0, 8);
    sample.log.image(5, 16384, 1, 9);
    sample.log.touch(5, 16384, 0, 9);
    sample.afterEnd = () -> sample.log.image(5, 16384, 0, 9);
    sample.take(null);
    assertThat(sample.verify(VerifyRequest.all()).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.blocks()).containsExactly(9L));
  }

  @Test
  void findsAMissingAndADamagedSegment() throws IOException {
    Backup backup = sample.take(null);
    for (int i = 0; i < 4; i++) {
      sample.log.commit(800 + i, SampleRepository.NOW);
      sample.archive();
    }
    String third = "main/wal/00000001/00000000/000000010000000000000005";
    byte[] sound = sample.store.get(third);
    sample.store.delete(third);
    VerifyReport gap = sample.verify(VerifyRequest.all());
    assertThat(gap.wal().findings())
        .singleElement()
        .satisfies(
            found -> assertThat(found.toString()).contains("000000010000000000000005", "missing"));
    assertThat(gap.backups()).allMatch(VerifiedBackup::passed);
    assertThat(catalog().isDamaged(backup.id())).as("it can be restored").isFalse();
    sound[sound.length / 2] ^= 1;
    sample.store.overwrite(third, sound);
    assertThat(sample.verify(VerifyRequest.all()).wal().findings()).singleElement();
    sample.store.delete("main/wal/00000001/00000000/000000010000000000000003");
    VerifyReport start = sample.verify(VerifyRequest.all());
    assertThat(start.backups().get(0).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.file()).endsWith("000000010000000000000003"));
    assertThat(catalog().isDamaged(backup.id())).isTrue();
  }

  @Test
  void tellsARecordedGapAndFindsWhatIsMissingBesideIt() throws IOException {
    sample.take(null);
    for (int i = 0; i < 5; i++) {
      sample.log.commit(800 + i, SampleRepository.NOW);
      sample.archive();
    }
    WalArchive archive = new WalArchive(sample.server());
    var fourth = archive.segments().get(2);
    String directory = "main/wal/00000001/00000000/";
    sample.store.delete(directory + fourth.name());
    archive.recordGap(new WalGap(
        Timeline.FIRST, fourth.start(), fourth.end(), TestLog.SIZE, SampleRepository.NOW, "why"));
    VerifyReport report = sample.verify(VerifyRequest.all());
    assertThat(report.findings()).isEmpty();
    assertThat(report.wal().knownGaps()).singleElement().asString().contains("why");
    sample.store.delete(directory + fourth.next().name());
    assertThat(sample.verify(VerifyRequest.all()).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.file()).endsWith(fourth.next().name()));
    sample.store.delete(directory + fourth.previous().name());
    assertThat(sample.verify(VerifyRequest.all()).findings())
        .anySatisfy(found -> assertThat(found.file()).endsWith(fourth.previous().name()));
  }

  @Test
  void readsLogBeforeTheBackupsWhenAllIsAskedFor() throws IOException {
    sample.archive();
    sample.startHere();
    sample.take(null);
    String before = "main/wal/00000001/00000000/000000010000000000000003";
    byte[] segment = sample.store.get(before);
    segment[segment.length / 2] ^= 1;
    sample.store.overwrite(before, segment);
    assertThat(sample.verify(VerifyRequest.of("latest")).passed()).isTrue();
    assertThat(sample.verify(VerifyRequest.all()).wal().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.file()).endsWith("000000010000000000000003"));
  }

  @Test
  void findsLogThatEndsInTheMiddle() throws IOException {
    sample.take(null);
    sample.log.commit(800, SampleRepository.NOW);
    sample.archive();
    sample.log.commit(801, SampleRepository.NOW);
    sample.archive();
    WalArchive archive = new WalArchive(sample.server());
    var segment = archive.segments().get(1);
    byte[] attributes =
        sample.server().objects().attributes("wal/00000001/00000000/" + segment.name());
    byte[] content;
    try (var in = archive.open(segment)) {
      content = in.readAllBytes();
    }
    content[100] ^= 1;
    sample.server().objects().put("wal/00000001/00000000/" + segment.name(), attributes, content);
    assertThat(sample.verify(VerifyRequest.all()).wal().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.toString()).contains(segment.name(), "middle"));
  }

  @Test
  void followsTheLogToTheNextTimeline() throws IOException {
    sample.take(null);
    sample.log.commit(800, SampleRepository.NOW);
    Lsn fork = sample.log.position();
    TestLog promoted = sample.log.promoted(new Timeline(2), SampleRepository.NOW);
    promoted.commit(801, SampleRepository.NOW);
    promoted.switchSegment();
    promoted.commit(802, SampleRepository.NOW);
    promoted.switchSegment();
    WalArchive archive = new WalArchive(sample.server());
    archive.storeHistory(
        new Timeline(2),
        ("1\t" + fork + "\tno recovery target specified\n").getBytes(StandardCharsets.UTF_8));
    for (var segment : promoted.fullSegments()) {
      if (!segment.end().isBefore(fork)) {
        archive.store(segment, promoted.write(scratch, segment), TestLog.SYSTEM);
      }
    }
    VerifyReport report = sample.verify(VerifyRequest.all());
    assertThat(report.findings()).isEmpty();
    assertThat(report.wal().last()).contains("000000020000000000000005");
    sample.store.delete("main/wal/00000002/00000000/000000020000000000000004");
    assertThat(sample.verify(VerifyRequest.all()).wal().findings())
        .singleElement()
        .satisfies(found -> assertThat(found.file()).endsWith("000000020000000000000004"));
    sample.store.delete("main/wal/history/00000002.history");
    assertThat(sample.verify(VerifyRequest.all()).findings())
        .anyMatch(found -> found.file().endsWith("00000002.history"));
  }

  @Test
  void goesOnWhenOneBackupsEntryIsDamaged() throws IOException {
    Backup first = sample.take(null);
    Backup second = sample.take(first);
    String key = "main/backups/" + first.id() + ".json";
    byte[] entry = sample.store.get(key);
    entry[100] ^= 1;
    sample.store.overwrite(key, entry);
    VerifyReport report = sample.verify(VerifyRequest.all());
    assertThat(report.backups())
        .extracting(VerifiedBackup::id)
        .containsExactly(second.id().value());
    assertThat(report.others())
        .singleElement()
        .satisfies(found -> assertThat(found.backup()).isEqualTo(first.id().value()));
    for (String selector : List.of("oldest", first.id().value())) {
      VerifyReport alone = sample.verify(VerifyRequest.of(selector));
      assertThat(alone.passed()).isFalse();
      assertThat(alone.findings())
          .singleElement()
          .satisfies(found -> assertThat(found.toString())
              .contains("backup " + first.id(), "backups/" + first.id() + ".json", "damaged"));
    }
    assertThat(sample.verify(VerifyRequest.of("latest")).passed()).isTrue();
    sample.store.overwrite("main/backups/" + first.id() + ".jsom", entry);
    assertThat(sample.verify(VerifyRequest.all()).findings())
        .anySatisfy(found -> assertThat(found.toString()).contains(".jsom", "no catalog entry"));
    sample.store.delete("main/backups/" + first.id() + ".jsom");
    sample.store.delete(key);
    assertThat(sample.verify(VerifyRequest.all()).findings())
        .singleElement()
        .satisfies(found -> assertThat(found.problem()).contains("catalog entry is not"));
    sample.server().objects().put("deleting/" + first.id(), new byte[0]);
    assertThat(sample.verify(VerifyRequest.all()).findings())
        .as("a deletion that was interrupted is no damage")
        .isEmpty();
  }

  @Test
  void refusesWhatIsNoBackup() {
    assertThatThrownBy(() -> sample.verify(VerifyRequest.of("latest")))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("no backup");
    assertThatThrownBy(() -> sample.verify(VerifyRequest.all()))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("no backup");
  }

  @Test
  void holdsABackupWhileItReadsIt() throws IOException {
    Backup backup = sample.take(null);
    ServerRepository server = sample.server();
    java.util.List<String> users = new java.util.ArrayList<>();
    new Verifier(
            server,
            1,
            event -> users.addAll(server.users(backup.id().value())),
            java.time.InstantSource.system())
        .verify(VerifyRequest.all());
    assertThat(users).isNotEmpty();
    assertThat(server.users(backup.id().value())).isEmpty();
  }

  private Catalog catalog() {
    return new Catalog(sample.server());
  }
}
