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
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarksTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final BackupId ID = new BackupId("20261122T235959Z-0001");
  private static final BackupId OTHER = new BackupId("20261123T000000Z-0002");
  private static final Mark DAMAGED = new Mark.Damaged(
      NOON,
      "verify",
      List.of(
          new DamagedFile("base/5/16384", "public.t in shop", List.of(7L, 131_072L), "checksum"),
          new DamagedFile("main/packs/ab/ab", "", List.of(), "it is missing")));

  @TempDir
  Path directory;

  private Catalog catalog;

  @BeforeEach
  void takeTwoBackups() {
    catalog = new Catalog(
        Repository.openOrCreate(LocalObjectStore.at(directory), RepositoryOptions.defaults())
            .server("main"));
    catalog.commit(Backups.backup(ID.value(), null, "0/2000028", "0/3000000", NOON));
    catalog.commit(Backups.backup(OTHER.value(), null, "0/4000028", "0/5000000", NOON));
  }

  @Test
  void givesBackWhatWasMarkedAndOnlyForThatBackup() {
    Mark verified = verified(NOON.plusSeconds(1));
    assertThat(catalog.mark(ID, verified)).isEqualTo(verified);
    catalog.mark(ID, new Mark.Damaged(NOON.plusNanos(1_000_000_002), "backup", files()));
    assertThat(catalog.marks(ID))
        .containsExactly(
            verified, new Mark.Damaged(NOON.plusNanos(1_000_000_002), "backup", files()));
    assertThat(catalog.marks(OTHER)).isEmpty();
    assertThat(catalog.list()).hasSize(2);
  }

  @Test
  void isDamagedUntilALaterVerificationSaysOtherwise() {
    assertThat(catalog.isDamaged(ID)).isFalse();
    catalog.mark(ID, verified(NOON.minusSeconds(60)));
    assertThat(catalog.isDamaged(ID)).isFalse();
    catalog.mark(ID, DAMAGED);
    assertThat(catalog.isDamaged(ID)).isTrue();
    assertThat(catalog.isDamaged(OTHER)).isFalse();
    catalog.mark(ID, verified(NOON.plusSeconds(60)));
    assertThat(catalog.isDamaged(ID)).isFalse();
  }

  /** The clock jumps back an hour between a verification and the next, which finds damage. */
  @Test
  void aClockThatWasSetBackHidesNoDamage() {
    catalog.mark(ID, verified(NOON));
    Mark stored = catalog.mark(ID, new Mark.Damaged(NOON.minusSeconds(3600), "verify", files()));
    assertThat(stored.at()).isEqualTo(NOON.plusNanos(1));
    assertThat(catalog.isDamaged(ID)).isTrue();
    assertThat(catalog.marks(ID)).containsExactly(verified(NOON), stored);
  }

  @Test
  void twoMarksOfOneMomentAreBothKept() {
    catalog.mark(ID, verified(NOON));
    catalog.mark(ID, verified(NOON));
    assertThat(catalog.marks(ID)).containsExactly(verified(NOON), verified(NOON.plusNanos(1)));
  }

  @Test
  void refusesToMarkABackupThatIsNotThere() {
    BackupId unknown = new BackupId("20261123T000000Z-0003");
    assertThatThrownBy(() -> catalog.mark(unknown, DAMAGED))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_UNKNOWN))
        .hasMessageContaining(unknown.value())
        .hasMessageContaining("HINT:");
    assertThat(catalog.marks(unknown)).isEmpty();
  }

  @Test
  void findsEveryChangedByte() throws IOException {
    catalog.mark(ID, DAMAGED);
    Path mark = directory.resolve("main/marks/" + ID + "/damaged-20261123T120000.000000000Z.json");
    byte[] bytes = Files.readAllBytes(mark);
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      Files.write(mark, changed);
      assertThatThrownBy(() -> catalog.isDamaged(ID))
          .as("byte %d", i)
          .isInstanceOf(IntegrityException.class);
    }
  }

  @Test
  void refusesAMarkUnderAnotherName() throws IOException {
    catalog.mark(ID, DAMAGED);
    Path marks = directory.resolve("main/marks/" + ID);
    String name = "damaged-20261123T120000.000000000Z.json";
    Path others = Files.createDirectories(directory.resolve("main/marks/" + OTHER));
    Files.copy(marks.resolve(name), others.resolve(name));
    assertThatThrownBy(() -> catalog.marks(OTHER))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("a copy of a mark of " + ID);
    Files.move(marks.resolve(name), marks.resolve(name.replace("T12", "T11")));
    assertThatThrownBy(() -> catalog.marks(ID)).isInstanceOf(IntegrityException.class);
  }

  private static Mark verified(Instant at) {
    return new Mark.Verified(at, 1234, 10_000_000);
  }

  private static List<DamagedFile> files() {
    return ((Mark.Damaged) DAMAGED).files();
  }
}
