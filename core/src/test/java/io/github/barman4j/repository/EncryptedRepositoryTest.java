package io.github.barman4j.repository;

import static io.github.barman4j.repository.BackupRoundTripTest.id;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.Secret;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class EncryptedRepositoryTest {
  private static final RepositoryOptions SMALL = new RepositoryOptions(8192, 16384, 65536, 16);
  private static final String WAL = "wal/00000001/00000000/000000010000000000000001";

  private final InMemoryObjectStore store = new InMemoryObjectStore();

  @Seeds(12)
  void aChainOfBackupsReadsBackEqualAndSharesItsBlocks(RandomGenerator random) {
    Compression compression = random.nextBoolean() ? Compression.DEFAULT : Compression.NONE;
    ServerRepository server = Encrypted.create(store, SMALL).server("main", compression);
    SampleDatabase database = new SampleDatabase(random, random.nextInt(20), 1 << 20);
    List<Map<String, byte[]>> states = new ArrayList<>();
    List<BackupReader> readers = new ArrayList<>();
    BackupReader parent = null;
    for (int i = 0; i < 3; i++) {
      BackupContents contents = BackupRoundTripTest.store(server, i, parent, database);
      states.add(new TreeMap<>(database.files));
      parent = Repository.open(store, KeyRing.of(Encrypted.PASSPHRASE))
          .server("main")
          .openBackup(id(i), contents.manifestHash());
      readers.add(parent);
      if (i < 2) {
        database.change();
      }
    }
    assertThat(BackupRoundTripTest.store(server, 3, parent, database).newBytes())
        .isZero();
    for (int i = 0; i < readers.size(); i++) {
      BackupReader reader = readers.get(i);
      states.get(i).forEach((path, content) -> {
        FileEntry file = (FileEntry) reader.find(path).orElseThrow();
        assertThat(Arrays.equals(reader.readAll(file), content)).as(path).isTrue();
      });
    }
    store
        .list("main/packs/")
        .forEach(key -> server.verifyPack(key.substring(key.lastIndexOf('/') + 1)));
  }

  /** The same search in a repository without encryption finds every one of them, so the search can fail. */
  @Test
  void nothingThatIsKnownOfThePlainBytesCanBeFound() {
    for (Compression compression : List.of(Compression.NONE, Compression.DEFAULT)) {
      InMemoryObjectStore encrypted = new InMemoryObjectStore();
      List<byte[]> known =
          storeKnownThings(Encrypted.create(encrypted, SMALL).server("main", compression));
      InMemoryObjectStore plain = new InMemoryObjectStore();
      storeKnownThings(Repository.openOrCreate(plain, SMALL).server("main", compression));
      for (byte[] text : known) {
        assertThat(holders(encrypted, text)).as(new String(text, UTF_8)).isEmpty();
      }
      if (compression == Compression.NONE) {
        for (byte[] text : known) {
          assertThat(holders(plain, text)).as(new String(text, UTF_8)).isNotEmpty();
        }
      }
    }
  }

  /** All that a backup of a table with a secret leaves, in files, names, WAL and documents; and the hashes of it. */
  private static List<byte[]> storeKnownThings(ServerRepository server) {
    List<byte[]> known = new ArrayList<>();
    SampleDatabase database = new SampleDatabase(new SplittableRandom(7), 0, 1);
    byte[] page = new byte[50_000];
    new SplittableRandom(8).nextBytes(page);
    known.add(put(page, 20_000, "customer_4711_kR7fQ2xZ9w"));
    known.add(HexFormat.of().parseHex(BlockHash.of(Arrays.copyOf(page, 8192)).hex()));
    database.files.put("base/16384/pg_filenode.map.of-4711", page);
    known.add("base/16384/pg_filenode.map.of-4711".getBytes(UTF_8));
    database.configuration.put(
        "pg_hba.conf", "host all the_secret_role_Jx92mQ 10.0.0.0/8 scram-sha-256".getBytes(UTF_8));
    known.add("the_secret_role_Jx92mQ".getBytes(UTF_8));
    known.add("pg_hba.conf".getBytes(UTF_8));
    BackupRoundTripTest.store(server, 0, null, database);
    server.claim(7_301_234_567_890_123_456L, 15);
    known.add("7301234567890123456".getBytes(UTF_8));
    byte[] segment = new byte[100_000];
    new SplittableRandom(9).nextBytes(segment);
    known.add(put(segment, 70_000, "password 'hunter2_Zq8Lw1'"));
    server.objects().put(WAL, "restore_point_Vt55".getBytes(UTF_8), segment);
    known.add("restore_point_Vt55".getBytes(UTF_8));
    server
        .documents()
        .putIfAbsent("marks/x/y.json", "{\"relation\":\"payroll_Hh31\"}".getBytes(UTF_8));
    known.add("payroll_Hh31".getBytes(UTF_8));
    server.objects().put("wal/history/00000002.history", "1\t0/3000000\tno_Kk9".getBytes(UTF_8));
    known.add("no_Kk9".getBytes(UTF_8));
    return known;
  }

  private static byte[] put(byte[] content, int at, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    System.arraycopy(bytes, 0, content, at, bytes.length);
    return bytes;
  }

  private static List<String> holders(InMemoryObjectStore store, byte[] text) {
    return store.contents().entrySet().stream()
        .filter(object -> indexOf(object.getValue(), text) >= 0
            || indexOf(object.getKey().getBytes(UTF_8), text) >= 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static int indexOf(byte[] content, byte[] text) {
    for (int at = 0; at <= content.length - text.length; at++) {
      if (Arrays.equals(content, at, at + text.length, text, 0, text.length)) {
        return at;
      }
    }
    return -1;
  }

  @Test
  void aPassphraseThatIsMissingWrongOrTooMuchIsRefusedBeforeAnythingIsTouched() {
    storeKnownThings(Encrypted.create(store, SMALL).server("main"));
    Map<String, byte[]> before = store.contents();
    assertRefused(KeyRing.NONE, ErrorCode.ENCRYPTION_KEY_MISSING);
    assertRefused(KeyRing.of(Secret.of("correct horse")), ErrorCode.ENCRYPTION_KEY_WRONG);
    assertThat(catchThrowable(() -> Repository.openOrCreate(store, SMALL)))
        .hasMessageContaining(ErrorCode.ENCRYPTION_KEY_MISSING.code());
    assertThat(store.contents()).containsExactlyInAnyOrderEntriesOf(before);
    InMemoryObjectStore plain = new InMemoryObjectStore();
    Repository.openOrCreate(plain, SMALL);
    assertThat(catchThrowable(() -> Repository.open(plain, KeyRing.of(Encrypted.PASSPHRASE))))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.ENCRYPTION_NOT_USED));
  }

  private void assertRefused(KeyRing keys, ErrorCode code) {
    assertThatThrownBy(() -> Repository.open(store, keys))
        .isInstanceOfSatisfying(BarmanException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining("HINT:")
        .hasMessageNotContaining("horse");
  }

  @Test
  void aNewPassphraseChangesOneObjectAndTheOldOneOpensNoMore() {
    SampleDatabase database = new SampleDatabase(new SplittableRandom(4), 3, 100_000);
    Repository repository = Repository.openOrCreate(store, SMALL, KeyRing.of(Encrypted.PASSPHRASE));
    assertThat(repository.isEncrypted()).isTrue();
    BackupContents contents =
        BackupRoundTripTest.store(repository.server("main"), 0, null, database);
    Map<String, byte[]> before = store.contents();
    Secret newOne = Secret.of("another one, and longer");
    repository.changePassphrase(newOne);
    Map<String, byte[]> after = store.contents();
    assertThat(after.remove("repository.json")).isNotEqualTo(before.remove("repository.json"));
    assertThat(after).containsExactlyInAnyOrderEntriesOf(before);
    assertRefused(KeyRing.of(Encrypted.PASSPHRASE), ErrorCode.ENCRYPTION_KEY_WRONG);
    Repository reopened = Repository.open(store, KeyRing.of(newOne));
    assertThat(reopened.id()).isEqualTo(repository.id());
    BackupReader reader = reopened.server("main").openBackup(id(0), contents.manifestHash());
    database.files.forEach((path, content) ->
        assertThat(reader.readAll((FileEntry) reader.find(path).orElseThrow())).isEqualTo(content));
    assertThatThrownBy(() ->
            Repository.openOrCreate(new InMemoryObjectStore(), SMALL).changePassphrase(newOne))
        .hasMessageContaining(ErrorCode.ENCRYPTION_NOT_USED.code());
  }

  @Test
  void findsEveryFlippedByteAndEveryCut() {
    ServerRepository server = Encrypted.create(store, SMALL).server("main", Compression.DEFAULT);
    SampleDatabase database = new SampleDatabase(new SplittableRandom(1), 0, 1);
    database.files.put("base/1", "a small file".repeat(100).getBytes(UTF_8));
    BackupContents contents = BackupRoundTripTest.store(server, 0, null, database);
    server.claim(7, 15);
    server.objects().put("wal/x", new byte[] {1, 2}, "a segment".getBytes(UTF_8));
    String pack = store.list("main/packs/").get(0);
    Flips.everyByteOf(
        store, pack, () -> server.verifyPack(pack.substring(pack.lastIndexOf('/') + 1)));
    Flips.everyByteOf(
        store,
        "main/manifests/" + id(0),
        () -> server.openBackup(id(0), contents.manifestHash()).entries().forEach(entry -> {}));
    Flips.everyByteOf(store, "main/server.json", server::identity);
    Flips.everyByteOf(
        store,
        "main/backups/" + id(0) + ".json",
        () -> server.documents().find("backups/" + id(0) + ".json"));
    Flips.everyByteOf(store, "main/wal/x", () -> server.objects().get("wal/x"));
    Flips.everyByteOf(store, "main/wal/x", () -> server.objects().attributes("wal/x"));
  }

  /** Whoever can write to the repository but not read it can destroy, and nothing else. */
  @Test
  void anObjectOpensUnderItsOwnNameOnlyAndItsSegmentsInTheirPlaceOnly() {
    ServerRepository server = Encrypted.create(store, SMALL).server("main", Compression.NONE);
    byte[] content = RandomBytes.noise(3 * Envelope.SEGMENT_BYTES);
    server.objects().put("wal/a", content);
    server.objects().put("wal/b", RandomBytes.noise(3 * Envelope.SEGMENT_BYTES));
    byte[] sound = store.get("main/wal/a");
    store.overwrite("main/wal/c", sound);
    assertDamaged(server, "wal/c");
    List<byte[]> segments = segmentsOf(sound);
    List<byte[]> others = segmentsOf(store.get("main/wal/b"));
    assertThat(segments).hasSizeGreaterThan(3);
    for (int i = 0; i < segments.size(); i++) {
      for (int j = 0; j < segments.size(); j++) {
        List<byte[]> changed = new ArrayList<>(segments);
        changed.set(i, j == i ? others.get(i) : segments.get(j));
        store.overwrite("main/wal/a", join(sound, changed));
        assertDamaged(server, "wal/a");
      }
      store.overwrite("main/wal/a", join(sound, segments.subList(0, i)));
      assertDamaged(server, "wal/a");
    }
    store.overwrite("main/wal/a", sound);
    assertThat(server.objects().get("wal/a")).isEqualTo(content);
  }

  private static List<byte[]> segmentsOf(byte[] object) {
    List<byte[]> segments = new ArrayList<>();
    for (int at = Envelope.HEADER_BYTES; at < object.length; at += Envelope.STORED_SEGMENT_BYTES) {
      int to = Math.min(object.length, at + Envelope.STORED_SEGMENT_BYTES);
      segments.add(Arrays.copyOfRange(object, at, to));
    }
    return segments;
  }

  private static byte[] join(byte[] header, List<byte[]> segments) {
    int length =
        Envelope.HEADER_BYTES + segments.stream().mapToInt(each -> each.length).sum();
    ByteBuffer joined = ByteBuffer.allocate(length).put(header, 0, Envelope.HEADER_BYTES);
    segments.forEach(joined::put);
    return joined.array();
  }

  private static void assertDamaged(ServerRepository server, String key) {
    assertThatThrownBy(() -> server.objects().get(key)).isInstanceOf(IntegrityException.class);
    assertThatThrownBy(() -> {
          server.objects().attributes(key);
          server.objects().open(key).transferTo(java.io.OutputStream.nullOutputStream());
        })
        .isInstanceOf(IntegrityException.class);
  }

  /** A key slot that was moved to a repository of another id or with other sizes opens nothing. */
  @Test
  void aKeySlotIsBoundToItsRepository() {
    Encrypted.create(store, SMALL);
    String json = new String(SealedJson.open("", store.get("repository.json")), UTF_8);
    for (String change :
        List.of("65536;65537", "000102;000103", "\"iterations\" : 1;\"iterations\" : 2")) {
      String[] parts = change.split(";");
      assertThat(json).contains(parts[0]);
      store.overwrite(
          "repository.json", SealedJson.seal(json.replace(parts[0], parts[1]).getBytes(UTF_8)));
      assertRefused(KeyRing.of(Encrypted.PASSPHRASE), ErrorCode.ENCRYPTION_KEY_WRONG);
    }
    store.overwrite(
        "repository.json",
        SealedJson.seal(
            json.replace("\"memoryKiB\" : 64", "\"memoryKiB\" : 2000000000").getBytes(UTF_8)));
    assertThatThrownBy(() -> Repository.open(store, KeyRing.of(Encrypted.PASSPHRASE)))
        .isInstanceOf(IntegrityException.class);
  }

  /** The key of an object is that of its salt: two equal salts would be two equal keys. */
  @Test
  void noTwoObjectsShareASalt() {
    ServerRepository server = Encrypted.create(store, SMALL).server("main");
    Set<String> salts = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      server.objects().put("wal/same", new byte[] {1});
      byte[] object = store.get("main/wal/same");
      assertThat(salts.add(HexFormat.of().formatHex(object, 12, Envelope.HEADER_BYTES)))
          .isTrue();
    }
  }

  @Test
  void aHashInANameSaysNothingToOthers() {
    BlockHash hash = BlockHash.of("content".getBytes(UTF_8));
    ServerRepository encrypted = Encrypted.create(store, SMALL).server("main");
    assertThat(encrypted.nameOf(hash))
        .matches("[0-9a-f]{64}")
        .isNotEqualTo(hash.hex())
        .isEqualTo(encrypted.nameOf(hash))
        .isNotEqualTo(encrypted.nameOf(BlockHash.of(new byte[1])))
        .isNotEqualTo(
            Encrypted.create(new InMemoryObjectStore(), SMALL).server("main").nameOf(hash));
    assertThat(Repository.openOrCreate(new InMemoryObjectStore(), SMALL)
            .server("main")
            .nameOf(hash))
        .isEqualTo(hash.hex());
  }
}
