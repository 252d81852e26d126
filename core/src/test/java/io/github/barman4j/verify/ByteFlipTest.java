package io.github.barman4j.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.DamagedFile;
import io.github.barman4j.catalog.Mark;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.KeyRing;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.wal.TestLog;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalGap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damages a repository that holds every kind of object, in every way: what is done to it is found, or the repository is not opened. */
class ByteFlipTest {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  @TempDir
  Path scratch;

  private Map<String, byte[]> sound = Map.of();

  KeyRing keys() {
    return KeyRing.NONE;
  }

  /** Of so many bytes one is flipped. */
  int step() {
    return 1;
  }

  /** Two backups, the log on two timelines, a block stored once more, marks, a gap, something in the quarantine. */
  @BeforeEach
  void makeEveryKindOfObject() throws IOException {
    SampleRepository sample = new SampleRepository(scratch, keys());
    Backup first = sample.take(null);
    sample.change(7, 1000);
    Backup second = sample.take(first);
    TestLog promoted = sample.log.promoted(new Timeline(2), SampleRepository.NOW);
    String fork = sample.log.position().toString();
    promoted.commit(801, SampleRepository.NOW);
    promoted.restorePoint("before the change", SampleRepository.NOW);
    promoted.switchSegment();
    WalArchive archive = new WalArchive(sample.server());
    archive.storeHistory(
        new Timeline(2), ("1\t" + fork + "\tno reason\n").getBytes(StandardCharsets.UTF_8));
    var segment = promoted.fullSegments().get(2);
    archive.store(segment, promoted.write(scratch, segment), TestLog.SYSTEM);
    archive.recordGap(new WalGap(
        new Timeline(2),
        segment.end(),
        segment.next().end(),
        TestLog.SIZE,
        SampleRepository.NOW,
        "made up"));
    sample.server().objects().put("wal/quarantine/00000003.history.0123456789abcdef", new byte[9]);
    heal(sample, first);
    Catalog catalog = new Catalog(sample.server());
    catalog.mark(
        second.id(),
        new Mark.Damaged(
            SampleRepository.NOW,
            "test",
            List.of(new DamagedFile("base/5/16384", "public.t", List.of(1L), "bad"))));
    assertThat(sample.verify(VerifyRequest.all()).findings()).isEmpty();
    sound = sample.store.contents();
    assertThat(kinds())
        .contains("repository.json", "server.json", "backups", "manifests", "packs", "wal", "marks")
        .contains("healed");
  }

  private static void heal(SampleRepository sample, Backup backup) {
    BackupReader reader = sample.server().openBackup(backup.id().value(), backup.manifestHash());
    FileEntry file = (FileEntry) reader.find(SampleRepository.TABLE).orElseThrow();
    sample.server().heal(reader.place(file, 30).orElseThrow(), reader.readBlock(file, 30));
  }

  private TreeSet<String> kinds() {
    TreeSet<String> kinds = new TreeSet<>();
    for (String key : sound.keySet()) {
      String[] parts = key.split("/");
      kinds.add(parts.length == 1 ? parts[0] : parts[1]);
    }
    return kinds;
  }

  @Test
  void findsEveryFlippedByte() {
    AtomicLong flipped = new AtomicLong();
    List<String> missed = inParallel((store, key, content, found) -> {
      byte[] damaged = content.clone();
      for (int at = 0; at < content.length; at += step()) {
        damaged[at] ^= (byte) (1 << at % 8);
        store.overwrite(key, damaged);
        flipped.incrementAndGet();
        if (!isFound(store)) {
          found.add("byte " + at + " of " + key);
        }
        damaged[at] = content[at];
      }
    });
    assertThat(missed).isEmpty();
    System.getLogger(ByteFlipTest.class.getName())
        .log(System.Logger.Level.INFO, "flipped {0} bytes, found all", flipped);
  }

  @Test
  void findsCutEmptiedAndLengthenedObjects() {
    List<String> missed = inParallel((store, key, content, found) -> {
      for (int length : new int[] {0, 1, content.length / 2, content.length - 1}) {
        store.overwrite(key, Arrays.copyOf(content, length));
        if (!isFound(store)) {
          found.add(key + " cut at " + length);
        }
      }
      store.overwrite(key, Arrays.copyOf(content, content.length + 1));
      if (!isFound(store)) {
        found.add(key + " with a byte more");
      }
    });
    assertThat(missed).isEmpty();
  }

  @Test
  void findsMissingObjects() {
    List<String> missed = inParallel((store, key, content, found) -> {
      store.delete(key);
      if (!isFound(store)) {
        found.add(key);
      }
    });
    assertThat(missed)
        .as(
            "notes about backups, what nobody uses, and the end of the log: nothing that was promised needs them")
        .allMatch(key -> key.contains("/marks/")
            || key.contains("/healed/")
            || key.contains("/quarantine/")
            || key.contains("/gaps/")
            || key.endsWith("000000020000000000000005"));
  }

  @Test
  void findsObjectsInEachOthersPlaces() {
    List<String> missed = inParallel((store, key, content, found) -> {
      for (String other : sound.keySet()) {
        if (!other.equals(key)) {
          store.overwrite(key, sound.get(other));
          if (!isFound(store)) {
            found.add(other + " in the place of " + key);
          }
        }
      }
    });
    assertThat(missed).isEmpty();
  }

  private interface Harm {
    void doTo(InMemoryObjectStore store, String key, byte[] content, List<String> missed);
  }

  /** Harms each object in a store of its own. */
  private List<String> inParallel(Harm harm) {
    List<String> missed = new ArrayList<>();
    try (TaskGroup group = TaskGroup.of("harm", THREADS, sound.size())) {
      sound.forEach((key, content) -> group.submit(() -> {
        InMemoryObjectStore store = new InMemoryObjectStore();
        sound.forEach(store::overwrite);
        List<String> own = new ArrayList<>();
        harm.doTo(store, key, content, own);
        synchronized (missed) {
          missed.addAll(own);
        }
        return key;
      }));
      group.join();
    }
    return missed;
  }

  /** Anything but a finding or one of our own errors comes out. */
  private boolean isFound(InMemoryObjectStore store) {
    try {
      return !SampleRepository.verify(store, keys(), VerifyRequest.all().withoutMarks())
          .passed();
    } catch (BarmanException e) {
      return true;
    }
  }
}
