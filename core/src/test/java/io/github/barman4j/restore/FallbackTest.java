package io.github.barman4j.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.DamagedFile;
import io.github.barman4j.catalog.Mark;
import io.github.barman4j.postgres.ControlFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens when a backup is damaged: another one is taken, aloud, or the restore is refused. */
class FallbackTest {
  private static final BackupId OLD = new BackupId("20261123T063805Z-00aa");
  private static final BackupId NEW = new BackupId("20261123T073805Z-00bb");

  @TempDir
  private Path folder;

  private final StoredCluster cluster = new StoredCluster();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final byte[] marker = "only in the newer backup".getBytes(UTF_8);
  private Path directory;

  @BeforeEach
  void backUpTwice() throws IOException {
    directory = folder.resolve("data");
    cluster.archive(folder, "000000010000000000000009", "00000001000000000000000A");
    cluster.backUp(OLD);
    cluster.files.put("base/1/18000", marker);
    cluster.backUp(NEW);
    cluster.files.remove("base/1/18000");
  }

  private RestoreResult restore(@Nullable String backup, boolean accept) {
    RestoreRequest request = RestoreRequest.to(directory)
        .owner(System.getProperty("user.name"))
        .backup(backup)
        .acceptDamaged(accept)
        .build();
    RestorePlan plan = cluster.planner(folder.resolve("spool")).plan(request);
    return cluster.restorer(events::add).execute(plan, request);
  }

  private BarmanException refusal(@Nullable String backup) {
    BarmanException refusal =
        catchThrowableOfType(BarmanException.class, () -> restore(backup, false));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal;
  }

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof Event.Warning warning) {
        warnings.add(warning.text());
      }
    }
    return warnings;
  }

  private List<String> packs() {
    return cluster.store.list("main/packs/");
  }

  /** It has no parent, so its only pack is its own. */
  private String packOfTheNewer() {
    Set<String> ids = new Catalog(cluster.repository).find(NEW.value()).packs().keySet();
    assertThat(ids).hasSize(1);
    return packs().stream()
        .filter(key -> key.endsWith(ids.iterator().next()))
        .findFirst()
        .orElseThrow();
  }

  private void damage(String key) {
    byte[] content = cluster.store.get(key);
    content[content.length / 2] ^= 1;
    cluster.store.overwrite(key, content);
  }

  private void markDamaged(BackupId id) {
    new Catalog(cluster.repository)
        .mark(
            id,
            new Mark.Damaged(
                Instant.parse("2026-11-23T08:00:00Z"),
                "verify",
                List.of(new DamagedFile(
                    "base/1/17000",
                    "public.accounts in database shop",
                    List.of(12L),
                    "bad page"))));
  }

  @Test
  void takesTheOlderBackupWhenABlockOfTheNewerIsDamaged() throws IOException {
    damage(packOfTheNewer());

    RestoreResult result = restore(null, false);

    assertThat(result.backup()).isEqualTo(OLD);
    assertThat(result.fallbacks())
        .hasSize(1)
        .first()
        .asString()
        .contains(NEW.value(), "damaged", "backup " + OLD + " is taken instead");
    assertThat(warnings()).isEqualTo(result.fallbacks());
    assertThat(events)
        .anyMatch(event -> event instanceof Event.Info info
            && info.text().startsWith("what was written into " + directory + " already"));
    assertThat(result.delta()).as("the directory was empty").isEmpty();
    RestoredFiles.assertEqual(cluster, directory);
  }

  /** That another run was interrupted is said once, and what the attempt with the damaged backup has left is not called so. */
  @Test
  void saysThatARunWasInterruptedOnlyWhenOneWas() throws IOException {
    String pack = packOfTheNewer();
    damage(pack);
    refusal(NEW.value());
    events.clear();

    RestoreResult result = restore(null, false);

    assertThat(result.backup()).isEqualTo(OLD);
    assertThat(result.delta().orElseThrow().resumed()).isTrue();
    assertThat(warnings().stream().filter(text -> text.contains("was interrupted")))
        .hasSize(1);
    assertThat(warnings()).hasSize(2);
    RestoredFiles.assertEqual(cluster, directory);
  }

  @Test
  void takesTheOlderBackupWhenTheManifestOfTheNewerIsMissing() throws IOException {
    cluster.store.delete("main/manifests/" + NEW);

    RestoreResult result = restore(null, false);

    assertThat(result.backup()).isEqualTo(OLD);
    assertThat(result.fallbacks()).hasSize(1);
    RestoredFiles.assertEqual(cluster, directory);
  }

  @Test
  void passesOverABackupThatIsMarked() throws IOException {
    markDamaged(NEW);

    RestoreResult result = restore(null, false);

    assertThat(result.backup()).isEqualTo(OLD);
    assertThat(result.fallbacks())
        .hasSize(1)
        .first()
        .asString()
        .contains(
            NEW.value(), "public.accounts in database shop", "bad page", "by verify", OLD.value());
    assertThat(warnings()).isEqualTo(result.fallbacks());
    RestoredFiles.assertEqual(cluster, directory);
  }

  @Test
  void takesItAgainWhenItWasVerifiedSince() {
    markDamaged(NEW);
    new Catalog(cluster.repository)
        .mark(NEW, new Mark.Verified(Instant.parse("2026-11-23T09:00:00Z"), 10, 10));

    assertThat(restore(null, false).backup()).isEqualTo(NEW);
  }

  @Test
  void neverReplacesABackupThatWasNamed() {
    damage(packOfTheNewer());

    BarmanException refusal = refusal(NEW.value());

    assertThat(refusal.code()).isEqualTo(ErrorCode.RESTORE_BACKUP_DAMAGED);
    assertThat(refusal.problem()).contains(NEW.value(), "which was named, is damaged", "pack");
    assertThat(refusal.hint()).contains("leave barman.backup out");
    assertThat(directory.resolve(ControlFile.PATH)).doesNotExist();
  }

  @Test
  void refusesAMarkedBackupThatWasNamed() {
    markDamaged(NEW);

    BarmanException refusal = refusal(NEW.value());

    assertThat(refusal.code()).isEqualTo(ErrorCode.RESTORE_BACKUP_DAMAGED);
    assertThat(refusal.problem()).contains(NEW.value(), "public.accounts");
    assertThat(refusal.hint()).contains(OLD.value(), "barman.acceptDamaged=true");
    assertThat(directory).doesNotExist();
  }

  @Test
  void restoresAMarkedBackupWhenToldTo() {
    markDamaged(NEW);

    RestoreResult result = restore(NEW.value(), true);

    assertThat(result.backup()).isEqualTo(NEW);
    assertThat(directory.resolve("base/1/18000")).hasBinaryContent(marker);
  }

  @Test
  void refusesWhenAllAreMarkedAndListsThem() {
    markDamaged(NEW);
    markDamaged(OLD);

    BarmanException refusal = refusal(null);

    assertThat(refusal.code()).isEqualTo(ErrorCode.RESTORE_BACKUP_DAMAGED);
    assertThat(refusal.problem()).contains(NEW.value(), OLD.value(), "bad page");
    assertThat(refusal.hint()).contains("heal", "barman.fresh=true", "barman.backup=" + NEW);
    assertThat(directory).doesNotExist();
  }

  @Test
  void refusesWhenAllTurnOutToBeDamagedAndListsThem() {
    packs().forEach(this::damage);

    BarmanException refusal = refusal(null);

    assertThat(refusal.code()).isEqualTo(ErrorCode.RESTORE_BACKUP_DAMAGED);
    assertThat(refusal.problem()).contains(NEW.value(), OLD.value());
    assertThat(refusal.hint()).contains("heal", "barman.fresh=true");
    assertThat(directory.resolve(ControlFile.PATH)).doesNotExist();
  }

  @Test
  void goesOnFromTheSameDirectoryAfterTheBackupWasHealed() throws IOException {
    String pack = packOfTheNewer();
    byte[] whole = cluster.store.get(pack);
    damage(pack);
    refusal(NEW.value());
    cluster.store.overwrite(pack, whole);
    cluster.files.put("base/1/18000", marker);

    RestoreResult result = restore(NEW.value(), false);

    assertThat(result.delta().orElseThrow().resumed()).isTrue();
    assertThat(warnings()).anyMatch(text -> text.contains("was interrupted"));
    RestoredFiles.assertEqual(cluster, directory);
  }

  @Test
  void takesTheOlderBackupWhenTheFilesOfTheNewerAreOfAnotherMajor() throws IOException {
    BackupId newest = new BackupId("20261123T083805Z-00cc");
    cluster.file("PG_VERSION", "16\n").backUp(newest);
    cluster.file("PG_VERSION", "15\n");
    cluster.files.put("base/1/18000", marker);

    RestoreResult result = restore(null, false);

    assertThat(result.backup()).isEqualTo(NEW);
    assertThat(result.fallbacks())
        .first()
        .asString()
        .contains("are of PostgreSQL 16, the catalog says 15.19");
    RestoredFiles.assertEqual(cluster, directory);
  }

  /** Accepting damage means bad pages, not blocks that are gone; and it does not try for ever. */
  @Test
  @Timeout(60)
  void stillRefusesABlockThatCannotBeReadWhenDamageIsAccepted() {
    damage(packOfTheNewer());
    markDamaged(NEW);

    BarmanException refusal =
        catchThrowableOfType(BarmanException.class, () -> restore(NEW.value(), true));

    assertThat(refusal.code()).isEqualTo(ErrorCode.RESTORE_BACKUP_DAMAGED);
    assertThat(refusal.problem()).contains(NEW.value(), "which was named, is damaged");
    assertThat(directory.resolve(ControlFile.PATH)).doesNotExist();
  }
}
