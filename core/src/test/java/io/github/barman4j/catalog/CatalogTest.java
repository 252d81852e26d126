package io.github.barman4j.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.store.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
  private static final Instant MIDNIGHT = Instant.parse("2026-11-23T00:00:00.123456Z");

  @TempDir
  Path directory;

  private final Backup first = Backups.backup(
      "20261122T235959Z-0001", "before the release", "0/2000028", "0/3000000", MIDNIGHT);
  private final Backup second = Backups.backup(
      "20261123T000000Z-0002", null, "0/4000028", "0/5000000", MIDNIGHT.plusSeconds(60));
  private final Backup third = Backups.backup(
      "20261123T000000Z-0003", null, "0/6000028", "0/7000000", MIDNIGHT.plusSeconds(120));
  private Catalog catalog;

  @BeforeEach
  void open() {
    catalog = new Catalog(
        Repository.openOrCreate(LocalObjectStore.at(directory), RepositoryOptions.defaults())
            .server("main"));
  }

  @Test
  void listsWhatWasCommittedOldestFirst() {
    catalog.commit(third);
    catalog.commit(first);
    catalog.commit(second);
    assertThat(catalog.list()).containsExactly(first, second, third);
  }

  @Test
  void findsByIdBeginningNameAndWord() {
    catalog.commit(first);
    catalog.commit(second);
    assertThat(catalog.find("20261122T235959Z-0001")).isEqualTo(first);
    assertThat(catalog.find("20261123")).isEqualTo(second);
    assertThat(catalog.find("before the release")).isEqualTo(first);
    assertThat(catalog.find("oldest")).isEqualTo(first);
    assertThat(catalog.find("latest")).isEqualTo(second);
  }

  @Test
  void refusesAnUnknownAnEmptyAndAnAmbiguousSelector() {
    catalog.commit(second);
    catalog.commit(third);
    assertRefused("20261123T000000Z", ErrorCode.BACKUP_AMBIGUOUS);
    assertRefused("20251123", ErrorCode.BACKUP_UNKNOWN);
    assertRefused("", ErrorCode.BACKUP_UNKNOWN);
  }

  @Test
  void saysThatThereIsNoBackup() {
    assertRefused("latest", ErrorCode.BACKUP_UNKNOWN);
  }

  @Test
  void neverReplacesAnEntry() {
    catalog.commit(first);
    assertThatThrownBy(() -> catalog.commit(first)).hasMessageContaining("BRM-504");
    assertThat(catalog.list()).containsExactly(first);
  }

  @Test
  void findsEveryChangedByteAndReadsTheOthers() throws IOException {
    catalog.commit(first);
    catalog.commit(second);
    Path entry = entry(second);
    byte[] bytes = Files.readAllBytes(entry);
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= (byte) (1 << i % 8);
      Files.write(entry, changed);
      assertThatThrownBy(catalog::list).as("byte %d", i).isInstanceOf(IntegrityException.class);
      assertOnlyTheFirstCanBeRead("byte " + i);
    }
  }

  @Test
  void readsTheOthersWhenAnEntryIsCutOrAnothers() throws IOException {
    catalog.commit(first);
    catalog.commit(second);
    byte[] whole = Files.readAllBytes(entry(second));
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      Files.write(entry(second), Arrays.copyOf(whole, length));
      assertOnlyTheFirstCanBeRead("cut at " + length);
    }
    Files.copy(entry(first), entry(second), StandardCopyOption.REPLACE_EXISTING);
    assertOnlyTheFirstCanBeRead("a copy of the first");
    assertThat(catalog.entries().damaged().get(0).problem())
        .contains(second.id() + ".json is that of backup " + first.id());
    Files.write(entry(second), whole);
    assertThat(catalog.list()).containsExactly(first, second);
  }

  private Path entry(Backup backup) {
    return directory.resolve("main/backups/" + backup.id() + ".json");
  }

  private void assertOnlyTheFirstCanBeRead(String how) {
    assertThat(catalog.entries().backups()).as(how).containsExactly(first);
    assertThat(catalog.entries().damaged()).as(how).singleElement().satisfies(damaged -> {
      assertThat(damaged.id()).isEqualTo(second.id());
      assertThat(damaged.code()).isEqualTo(ErrorCode.REPOSITORY_DAMAGED);
      assertThat(damaged.problem()).contains(second.id().value());
      assertThat(damaged.startedAt()).contains(Instant.parse("2026-11-23T00:00:00Z"));
    });
  }

  /** Else a word would mean another backup than the day before. */
  @Test
  void neverPassesOverADamagedEntryThatIsMeant() throws IOException {
    catalog.commit(first);
    catalog.commit(second);
    catalog.commit(third);
    Files.write(entry(third), new byte[0]);
    for (String selector : List.of("latest", third.id().value(), "20261123T000000Z-0003")) {
      assertRefused(selector, ErrorCode.REPOSITORY_DAMAGED);
      assertThat(catalog.idOf(selector)).isEqualTo(third.id());
    }
    assertRefused("20261123T000000Z", ErrorCode.BACKUP_AMBIGUOUS);
    assertThat(catalog.find("before the release")).isEqualTo(first);
    assertThat(catalog.find("oldest")).isEqualTo(first);
    assertThatThrownBy(() -> catalog.find("after the release"))
        .hasMessageContaining("1 cannot tell their names")
        .hasMessageContaining(third.id().value());
  }

  @Test
  void tellsWhatIsNoEntryByItsName() throws IOException {
    catalog.commit(first);
    Files.write(directory.resolve("main/backups/copy of " + first.id() + ".json"), new byte[9]);
    Files.write(directory.resolve("main/backups/" + second.id()), new byte[9]);
    assertThat(catalog.list()).containsExactly(first);
    assertThat(catalog.strays())
        .containsExactlyInAnyOrder(
            "backups/copy of " + first.id() + ".json", "backups/" + second.id());
  }

  @Test
  void namesABackupByItsStartInUtcAndKeepsTheFormStrict() {
    BackupId id = BackupId.at(MIDNIGHT, new Random(1));
    assertThat(id.value()).startsWith("20261123T000000Z-").hasSize(21);
    assertThatThrownBy(() -> new BackupId("20261123T000000-0001"))
        .isInstanceOf(BarmanException.class);
    assertThatThrownBy(() -> new BackupId("../../x")).isInstanceOf(BarmanException.class);
  }

  @Test
  void backupsOfOneSecondSortInTheOrderInWhichTheyWereTaken() {
    Random random = new Random(2);
    BackupId newest = BackupId.after(Optional.empty(), MIDNIGHT, random);
    for (int i = 0; i < 1000; i++) {
      BackupId next = BackupId.after(Optional.of(newest), MIDNIGHT.plusSeconds(i / 5), random);
      assertThat(next).isGreaterThan(newest);
      newest = next;
    }
    BackupId last = new BackupId("20261123T000000Z-ffff");
    assertThat(BackupId.after(Optional.of(last), MIDNIGHT, random).value())
        .startsWith("20261123T000001Z-");
  }

  @Test
  void aBackupIsTheLatestAlthoughTheClockWasSetBackByAnHour() {
    Random random = new Random(3);
    BackupId newest = BackupId.at(MIDNIGHT, random);
    for (int minute = 0; minute < 50; minute++) {
      Instant start = MIDNIGHT.minusSeconds(3600 - minute * 60);
      BackupId next = BackupId.after(Optional.of(newest), start, random);
      assertThat(next).isGreaterThan(newest);
      newest = next;
    }
    BackupId next = BackupId.after(Optional.of(newest), MIDNIGHT.plusSeconds(7200), random);
    assertThat(next.value()).startsWith("20261123T020000Z-");
  }

  private void assertRefused(String selector, ErrorCode code) {
    assertThatThrownBy(() -> catalog.find(selector))
        .isInstanceOfSatisfying(BarmanException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining("HINT:");
  }
}
