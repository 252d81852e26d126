package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.TaskGroup;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.testing.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Random data directories through chains of backups: what is read is what was stored. */
class BackupRoundTripTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  @Seeds(30)
  void everyBackupOfAChainReadsBackEqual(RandomGenerator random) {
    RepositoryOptions options = randomOptions(random);
    ServerRepository server = Repository.openOrCreate(store, options)
        .server("main", random.nextBoolean() ? Compression.DEFAULT : Compression.NONE);
    SampleDatabase database = new SampleDatabase(random, random.nextInt(30), 2 << 20);
    List<Map<String, byte[]>> states = new ArrayList<>();
    List<BackupReader> readers = new ArrayList<>();
    BackupReader parent = null;
    for (int i = 0; i < 4; i++) {
      BackupContents contents = store(server, i, parent, database);
      assertThat(contents.databaseBytes()).isEqualTo(database.bytes());
      assertThat(contents.files()).isEqualTo(database.files.size() + database.configuration.size());
      assertThat(contents.newBytes() + contents.reusedBytes()).isEqualTo(contents.databaseBytes());
      states.add(new TreeMap<>(database.files));
      BackupReader reader = server.openBackup(id(i), contents.manifestHash());
      readers.add(reader);
      parent = random.nextInt(4) == 0 ? null : reader;
      database.change();
    }
    for (int i = 0; i < readers.size(); i++) {
      assertReadsBack(random, readers.get(i), states.get(i), options);
    }
    store
        .list("main/packs/")
        .forEach(key -> server.verifyPack(key.substring(key.lastIndexOf('/') + 1)));
    assertThat(store.list("main/unfinished/")).isEmpty();
  }

  @Seeds(10)
  void aSecondBackupOfTheSameStoresAlmostNothing(RandomGenerator random) {
    ServerRepository server =
        Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main");
    SampleDatabase database = new SampleDatabase(random, 20, 6 << 20);
    BackupContents first = store(server, 0, null, database);
    int packs = store.list("main/packs/").size();
    BackupContents second =
        store(server, 1, server.openBackup(id(0), first.manifestHash()), database);
    assertThat(second.newBytes()).isZero();
    assertThat(store.list("main/packs/")).hasSize(packs);
    assertThat(second.storedBytes()).isLessThan(20 * 600);
    assertThat(second.packs()).isEqualTo(first.packs());
  }

  @Seeds(3)
  void oneChangedPageStoresOneBlock(RandomGenerator random) {
    ServerRepository server =
        Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main");
    SampleDatabase database = new SampleDatabase(random, 5, 1 << 20);
    byte[] large = new byte[40 << 20];
    random.nextBytes(large);
    database.files.put("base/5/large", large);
    BackupContents first = store(server, 0, null, database);
    byte[] changed = large.clone();
    changed[random.nextInt(large.length)] ^= 1;
    database.files.put("base/5/large", changed);
    BackupContents second =
        store(server, 1, server.openBackup(id(0), first.manifestHash()), database);
    assertThat(second.newBytes()).isEqualTo(32 << 10);
    assertThat(second.storedBytes()).isLessThan(80 << 10);
    BackupReader reader = server.openBackup(id(1), second.manifestHash());
    assertThat(reader.readAll((FileEntry) reader.find("base/5/large").orElseThrow()))
        .isEqualTo(changed);
  }

  private static RepositoryOptions randomOptions(RandomGenerator random) {
    int block = 8192 << random.nextInt(3);
    int frame = block * (1 + random.nextInt(5));
    int pack = frame + random.nextInt(2 << 20);
    int entries = switch (random.nextInt(3)) {
      case 0 -> 16;
      case 1 -> 17 + random.nextInt(50);
      default -> 512;
    };
    return new RepositoryOptions(block, frame, pack, entries);
  }

  static BackupContents store(
      ServerRepository server, int number, BackupReader parent, SampleDatabase database) {
    try (RepositoryLock lock = server.lock(ServerRepository.BACKUP);
        TaskGroup workers = TaskGroup.of("hashing", 2, 8);
        BackupWriter writer = server.newBackup(id(number), parent, workers)) {
      assertThat(lock).isNotNull();
      BackupContents contents = database.storeIn(writer);
      server.documents().putIfAbsent("backups/" + id(number) + ".json", "{}".getBytes(UTF_8));
      server.confirmBackup(id(number));
      return contents;
    }
  }

  static String id(int number) {
    return "20261123T06010" + number + "Z-1a2b";
  }

  private static void assertReadsBack(
      RandomGenerator random,
      BackupReader reader,
      Map<String, byte[]> expected,
      RepositoryOptions options) {
    Map<String, byte[]> found = new TreeMap<>();
    List<String> paths = new ArrayList<>();
    for (ManifestEntry entry : reader.entries()) {
      if (entry instanceof FileEntry file) {
        byte[] content = reader.readAll(file);
        if (file.kind() == FileKind.DATA) {
          found.put(file.path(), content);
          assertThat(file.modified()).isEqualTo(SampleDatabase.MODIFIED);
          assertThat(file.mode()).isEqualTo(0600);
          assertThat(reader.find(file.path())).hasValue(file);
        } else {
          assertThat(reader.findConfiguration(file.path())).hasValue(file);
          continue;
        }
      }
      paths.add(entry.path());
    }
    assertThat(paths).isSorted();
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach((path, content) ->
        assertThat(Arrays.equals(found.get(path), content)).as(path).isTrue());
    assertThat(reader.find("base")).hasValue(new DirectoryEntry("base", 0700));
    assertThat(reader.find("pg_tblspc/16385"))
        .hasValue(new LinkEntry("pg_tblspc/16385", "/mnt/fast"));
    assertThat(reader.find("base/0/none")).isEmpty();
    assertThat(reader.find("0")).isEmpty();
    assertThat(reader.find("zzz")).isEmpty();
    expected.forEach(
        (path, content) -> readsBlocksAtRandom(random, reader, path, content, options));
  }

  private static void readsBlocksAtRandom(
      RandomGenerator random,
      BackupReader reader,
      String path,
      byte[] content,
      RepositoryOptions options) {
    long blocks = options.blocksOf(content.length);
    FileEntry file = (FileEntry) reader.find(path).orElseThrow();
    for (int i = 0; i < Math.min(blocks, 3); i++) {
      long number = random.nextLong(blocks);
      int from = (int) number * options.blockSize();
      int to = Math.min(content.length, from + options.blockSize());
      assertThat(reader.readBlock(file, number)).isEqualTo(Arrays.copyOfRange(content, from, to));
    }
  }
}
