package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.Mark;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restore does when a catalog entry is damaged: it takes a backup that can be read, and says so. */
class DamagedEntryTest {
  private static final BackupId OLD = new BackupId("20261123T063805Z-00aa");
  private static final BackupId NEW = new BackupId("20261123T063807Z-00bb");
  private static final Instant LAST_COMMIT = Instant.parse("2026-11-23T06:38:10.750000Z");

  @TempDir
  private Path folder;

  private final StoredCluster cluster = new StoredCluster();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private Path directory;

  @BeforeEach
  void backUpTwice() throws IOException {
    directory = folder.resolve("data");
    cluster.archive(
        folder,
        "000000010000000000000009",
        "00000001000000000000000A",
        "00000001000000000000000B",
        "00000001000000000000000C");
    cluster.backUp(OLD);
    cluster.backUp(NEW);
  }

  private RestoreRequest request(@Nullable String backup, RecoveryTarget target) {
    return RestoreRequest.to(directory)
        .owner(System.getProperty("user.name"))
        .backup(backup)
        .target(target)
        .build();
  }

  private RestorePlan plan(@Nullable String backup, RecoveryTarget target) {
    return cluster.planner(folder.resolve("spool")).plan(request(backup, target));
  }

  private static String key(BackupId id) {
    return "main/backups/" + id + ".json";
  }

  private void damage(BackupId id) {
    byte[] entry = cluster.store.get(key(id));
    entry[entry.length / 2] ^= 1;
    cluster.store.overwrite(key(id), entry);
  }

  @Test
  void whicheverByteIsFlippedTheOtherBackupIsPlannedAndSaid() {
    assertThat(plan(null, new RecoveryTarget.Latest()).backup().id()).isEqualTo(NEW);
    byte[] whole = cluster.store.get(key(NEW));
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= (byte) (1 << i % 8);
      cluster.store.overwrite(key(NEW), changed);
      assertFallsBack("byte " + i, new RecoveryTarget.Latest());
    }
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      cluster.store.overwrite(key(NEW), Arrays.copyOf(whole, length));
      assertFallsBack("cut at " + length, new RecoveryTarget.AtTime(LAST_COMMIT, true));
    }
    cluster.store.overwrite(key(NEW), cluster.store.get(key(OLD)));
    assertFallsBack("the entry of the other", new RecoveryTarget.Latest());
    cluster.store.overwrite(key(NEW), whole);
    RestorePlan plan = plan(null, new RecoveryTarget.Latest());
    assertThat(plan.backup().id()).isEqualTo(NEW);
    assertThat(plan.fallbacks()).isEmpty();
  }

  private void assertFallsBack(String how, RecoveryTarget target) {
    RestorePlan plan = plan(null, target);
    assertThat(plan.backup().id()).as(how).isEqualTo(OLD);
    assertThat(plan.fallbacks())
        .as(how)
        .singleElement()
        .asString()
        .contains(
            "the catalog entry of backup " + NEW + " is damaged",
            "backup " + OLD + " is taken instead");
  }

  @Test
  void whatWasNeverInQuestionIsNoFallback() {
    damage(OLD);
    RestorePlan plan = plan(null, new RecoveryTarget.Latest());
    assertThat(plan.backup().id()).isEqualTo(NEW);
    assertThat(plan.fallbacks()).isEmpty();
    assertThat(plan.reasons()).anyMatch(reason -> reason.contains(OLD + " is passed over"));
    assertThat(plan(NEW.value(), new RecoveryTarget.Latest()).fallbacks()).isEmpty();
  }

  @Test
  void aBackupThatBeganAfterTheTargetIsNoFallback() {
    BackupId late = new BackupId("20261123T063811Z-00cc");
    cluster.backUp(late);
    damage(late);
    RestorePlan plan = plan(null, new RecoveryTarget.AtTime(LAST_COMMIT, true));
    assertThat(plan.backup().id()).isEqualTo(NEW);
    assertThat(plan.fallbacks()).isEmpty();
    assertThat(plan(null, new RecoveryTarget.Latest()).fallbacks()).hasSize(1);
  }

  @Test
  void restoresTheOtherBackupAndSaysSo() throws IOException {
    damage(NEW);
    RestoreRequest request = request(null, new RecoveryTarget.Latest());
    RestoreResult result =
        cluster.restorer(events::add).execute(plan(null, new RecoveryTarget.Latest()), request);
    assertThat(result.backup()).isEqualTo(OLD);
    assertThat(result.fallbacks()).singleElement().asString().contains(NEW.value(), OLD.value());
    assertThat(events)
        .anyMatch(event -> event instanceof Event.Warning warning
            && warning.text().equals(result.fallbacks().get(0)));
    RestoredFiles.assertEqual(cluster, directory);
  }

  @Test
  void neverReplacesTheBackupThatWasNamed() {
    damage(NEW);
    for (String named : List.of(NEW.value(), "latest")) {
      assertThat(refusal(named, new RecoveryTarget.Latest())).satisfies(refusal -> {
        assertThat(refusal.code()).isEqualTo(ErrorCode.RESTORE_BACKUP_DAMAGED);
        assertThat(refusal.problem()).contains("'" + named + "', which was named", NEW.value());
        assertThat(refusal.hint()).contains("leave barman.backup out", "from a copy");
      });
    }
  }

  @Test
  void everyRefusalSaysWhatCouldNotBeRead() {
    damage(OLD);
    Instant early = Instant.parse("2026-11-23T06:38:05.500000Z");
    assertThat(refusal(null, new RecoveryTarget.AtTime(early, true))).satisfies(refusal -> {
      assertThat(refusal.code()).isEqualTo(ErrorCode.TARGET_BEFORE_BACKUP);
      assertThat(refusal.problem()).contains("the catalog entry of backup " + OLD);
    });
    damage(NEW);
    assertThat(refusal(null, new RecoveryTarget.Latest())).satisfies(refusal -> {
      assertThat(refusal.code()).isEqualTo(ErrorCode.RESTORE_BACKUP_DAMAGED);
      assertThat(refusal.problem()).contains(OLD.value(), NEW.value());
    });
    Recoverability recoverable = cluster.planner(folder.resolve("spool")).recoverable();
    assertThat(recoverable.unreadable()).extracting(entry -> entry.id()).containsExactly(OLD, NEW);
    assertThat(recoverable.lines()).isEmpty();
  }

  /** It may have said that the backup is damaged. */
  @Test
  void aBackupWhoseMarkCannotBeReadIsPassedOver() {
    new Catalog(cluster.repository).mark(NEW, new Mark.Verified(LAST_COMMIT, 1, 1));
    String mark = cluster.store.list("main/marks/").get(0);
    byte[] content = cluster.store.get(mark);
    content[100] ^= 1;
    cluster.store.overwrite(mark, content);
    RestorePlan plan = plan(null, new RecoveryTarget.Latest());
    assertThat(plan.backup().id()).isEqualTo(OLD);
    assertThat(plan.fallbacks())
        .singleElement()
        .asString()
        .contains(NEW.value(), "what was noted about it cannot be read", mark);
  }

  private BarmanException refusal(@Nullable String backup, RecoveryTarget target) {
    BarmanException refusal =
        catchThrowableOfType(BarmanException.class, () -> plan(backup, target));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal;
  }
}
