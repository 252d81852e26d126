package io.github.barman4j.retention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.RepositoryLockedException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Mark;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.SampleDatabase;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.store.FailingObjectStore;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.store.LocalObjectStore;
import io.github.barman4j.testing.Seeds;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BackupDeletionTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  /** Backups that share blocks are taken and deleted in any order. */
  @Seeds(12)
  void whateverIsDeletedTheOthersReadBackEqualAndNothingIsLeftOver(RandomGenerator random) {
    StoredBackups backups = new StoredBackups(store);
    SampleDatabase database = new SampleDatabase(random, 1 + random.nextInt(10), 600_000);
    for (int step = 0; step < 14; step++) {
      List<Backup> there = backups.catalog.list();
      if (there.isEmpty() || random.nextInt(5) < 3) {
        backups.take(step, database);
        database.change();
      } else {
        Backup doomed = there.get(random.nextInt(there.size()));
        backups.catalog.mark(doomed.id(), new Mark.Verified(doomed.startedAt(), 1, 1));
        DeletionReport report =
            backups.deletion().execute(backups.deletion().plan(doomed.id().value()));
        assertThat(report.freedBytes()).isPositive();
        assertThat(backups.catalog.list()).hasSize(there.size() - 1).doesNotContain(doomed);
        assertThat(backups.catalog.marks(doomed.id())).isEmpty();
      }
      backups.assertWhole();
      backups.assertNothingLeftOver();
    }
  }

  /** The newest three are kept, for a long time: what they do not need does not pile up. */
  @Seeds(2)
  void aLongChainWithDeletionsDoesNotGrowWithoutBound(RandomGenerator random) {
    long needed = new Chain(random, new InMemoryObjectStore()).run(40, true);
    assertThat(needed).isLessThan(4);
  }

  @Test
  void withoutCopyingForwardItWould() {
    long needed = new Chain(new SplittableRandom(11), new InMemoryObjectStore()).run(40, false);
    assertThat(needed).isGreaterThanOrEqualTo(4);
  }

  private static final class Chain {
    private final RandomGenerator random;
    private final StoredBackups backups;
    private final SampleDatabase database;

    Chain(RandomGenerator random, InMemoryObjectStore store) {
      this.random = random;
      this.backups = new StoredBackups(store);
      this.database = new SampleDatabase(random, 0, 1);
    }

    /** How many times the bytes of one full backup the repository holds in the end. */
    long run(int rounds, boolean copyForward) {
      byte[] table = new byte[128 * 8192];
      random.nextBytes(table);
      database.files.put("base/1/1", table);
      long full = 0;
      for (int round = 0; round < rounds; round++) {
        List<Backup> there = backups.catalog.list();
        if (copyForward || there.isEmpty()) {
          backups.take(round, database);
        } else {
          backups.take(round, database, there.get(there.size() - 1), Set.of());
        }
        full = full == 0 ? backups.packBytes() : full;
        there = backups.catalog.list();
        if (there.size() > 3) {
          backups.deletion().execute(backups.deletion().plan("oldest"));
        }
        // Fifteen blocks change every time, and one that never changes again: without copying
        // forward it keeps their pack for ever.
        byte[] changed = database.files.get("base/1/1").clone();
        for (int page = 0; page < 15; page++) {
          changed[page * 8192 + random.nextInt(8192)] ^= (byte) (1 + random.nextInt(255));
        }
        changed[(20 + round) * 8192] ^= 1;
        database.files.put("base/1/1", changed);
      }
      backups.assertWhole();
      backups.assertNothingLeftOver();
      return backups.packBytes() / full;
    }
  }

  /** The n-th operation fails and all later ones, and nobody cleans up, as after a kill. */
  @Test
  void whereverItIsInterruptedTheBackupIsThereOrNotAndTheNextRunCleansUp() {
    SampleDatabase database = new SampleDatabase(new SplittableRandom(3), 6, 300_000);
    StoredBackups prepared = new StoredBackups(store);
    prepared.take(1, database);
    database.change();
    Backup doomed = prepared.take(2, database);
    prepared.catalog.mark(doomed.id(), new Mark.Verified(doomed.startedAt(), 1, 1));
    database.change();
    prepared.take(3, database);
    Map<String, byte[]> before = store.contents();
    int vanished = 0;
    int failAt = 0;
    Throwable failure;
    do {
      failAt++;
      InMemoryObjectStore disk = new InMemoryObjectStore();
      before.forEach(disk::overwrite);
      FailingObjectStore full = new FailingObjectStore(disk, failAt);
      failure = catchThrowable(() -> {
        BackupDeletion deletion = new StoredBackups(full).deletion();
        deletion.execute(deletion.plan(doomed.id().value()));
      });
      StoredBackups after = new StoredBackups(disk);
      after.states.putAll(prepared.states);
      after.assertWhole();
      boolean there = after.catalog.list().contains(doomed);
      vanished += there ? 0 : 1;
      if (failAt % 2 == 0) {
        after.take(4, database);
      } else {
        after.deletion().execute(after.deletion().plan("oldest"));
      }
      assertThat(after.catalog.list().contains(doomed)).isEqualTo(there);
      after.assertWhole();
      after.assertNothingLeftOver();
    } while (failure != null);
    assertThat(failAt).isGreaterThan(10);
    assertThat(vanished).isBetween(4, failAt - 4);
  }

  @Test
  void aBackupThatSomebodyReadsIsNotDeleted() {
    StoredBackups backups = new StoredBackups(store);
    SampleDatabase database = new SampleDatabase(new SplittableRandom(5), 2, 50_000);
    Backup first = backups.take(1, database);
    backups.take(2, database);
    DeletionPlan plan = backups.deletion().plan("oldest");
    Map<String, byte[]> before = store.contents();
    try (RepositoryLock one = backups.server.use(first.id().value());
        RepositoryLock other = backups.server.use(first.id().value())) {
      assertThat(new Object[] {one, other}).doesNotContainNull();
      assertThatThrownBy(() -> backups.deletion().execute(plan))
          .isInstanceOf(RepositoryLockedException.class)
          .hasMessageContaining(first.id() + " of server 'main' is being read by process")
          .hasMessageContaining("HINT:");
      assertThat(store.contents()).containsExactlyInAnyOrderEntriesOf(before);
      assertThat(backups.deletion().execute(backups.deletion().plan("latest")).backup())
          .isEqualTo(StoredBackups.id(2));
    }
    backups.deletion().execute(plan);
    assertThat(backups.catalog.list()).isEmpty();
    assertThat(store.list("main/packs/")).isEmpty();
  }

  /** Its entry may come back from a copy: until it is given up, all that it could need stays, and then nothing is left over. */
  @Seeds(6)
  void whileAnEntryCannotBeReadItsBackupStaysWhole(RandomGenerator random) {
    StoredBackups backups = new StoredBackups(store);
    SampleDatabase database = new SampleDatabase(random, 6, 300_000);
    for (int number = 1; number <= 4; number++) {
      backups.take(number, database);
      database.change();
    }
    String key = "main/backups/" + StoredBackups.id(2) + ".json";
    byte[] whole = store.get(key);
    store.overwrite(key, Arrays.copyOf(whole, random.nextInt(whole.length)));
    for (int number : new int[] {1, 4, 3}) {
      BackupDeletion deletion = backups.deletion();
      deletion.execute(deletion.plan(StoredBackups.id(number).value()));
    }
    byte[] damaged = store.get(key);
    store.overwrite(key, whole);
    backups.assertWhole();
    assertThat(backups.catalog.ids()).containsExactly(StoredBackups.id(2));
    store.overwrite(key, damaged);

    BackupDeletion deletion = backups.deletion();
    for (String other : List.of("oldest", StoredBackups.id(2).value().substring(0, 19))) {
      assertThatThrownBy(() -> deletion.plan(other))
          .isInstanceOfSatisfying(
              BarmanException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.REPOSITORY_DAMAGED))
          .hasMessageContaining("delete it by its whole id");
    }
    DeletionReport report = deletion.execute(deletion.plan(StoredBackups.id(2).value()));
    assertThat(report.freedBytes()).isPositive();
    assertThat(backups.catalog.ids()).isEmpty();
    backups.assertNothingLeftOver();
  }

  @Test
  void neverRunsBesideABackupAndSaysWhenTheBackupIsGone() {
    StoredBackups backups = new StoredBackups(store);
    backups.take(1, new SampleDatabase(new SplittableRandom(5), 2, 50_000));
    DeletionPlan plan = backups.deletion().plan("latest");
    try (RepositoryLock lock = backups.server.lock(ServerRepository.BACKUP)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> backups.deletion().execute(plan))
          .isInstanceOf(RepositoryLockedException.class)
          .hasMessageContaining("'backup'");
    }
    try (RepositoryLock receiver = backups.server.lock(ServerRepository.RECEIVE)) {
      assertThat(receiver).isNotNull();
      backups.deletion().execute(plan);
    }
    assertThatThrownBy(() -> backups.deletion().execute(plan))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_UNKNOWN));
  }

  /** What the plan was made for may have changed: a backup was taken meanwhile that shares the blocks. */
  @Test
  void decidesAgainUnderTheLock() {
    StoredBackups backups = new StoredBackups(store);
    SampleDatabase database = new SampleDatabase(new SplittableRandom(5), 2, 50_000);
    backups.take(1, database);
    DeletionPlan plan = backups.deletion().plan("latest");
    assertThat(plan.packs()).isNotEmpty();
    backups.take(2, database);
    assertThat(backups.deletion().execute(plan).packs()).isZero();
    backups.assertWhole();
  }

  @Test
  @Timeout(60)
  void aReaderInAnotherProcessIsSeenUntilItDies(@TempDir Path directory) throws Exception {
    StoredBackups backups = new StoredBackups(LocalObjectStore.at(directory));
    backups.take(1, new SampleDatabase(new SplittableRandom(5), 2, 50_000));
    DeletionPlan plan = backups.deletion().plan("latest");
    Process reader = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ReaderProcess.class.getName(),
            directory.toString(),
            plan.backup().value())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(reader.getInputStream(), UTF_8))) {
      assertThat(said.readLine()).isEqualTo("reading");
      assertThatThrownBy(() -> backups.deletion().execute(plan))
          .isInstanceOf(RepositoryLockedException.class)
          .hasMessageContaining("process " + reader.pid() + " on ");
      backups.assertWhole();
      reader.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    } finally {
      reader.destroyForcibly();
    }
    backups.deletion().execute(plan);
    assertThat(backups.catalog.list()).isEmpty();
    assertThat(directory.resolve("main/locks/use").toFile().list()).isEmpty();
  }
}
