package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BlockHash;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The format as bytes: a repository in the test resources that version 1 wrote. It must be readable for ever, and what is written without
 * compression must be the same, byte by byte; what Zstandard writes depends on its release.
 *
 * <p>{@code -Dgolden.write=true} writes the files anew; see the site's page "Repository format".
 */
class GoldenRepositoryTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/repository");
  static final RepositoryOptions OPTIONS = new RepositoryOptions(8192, 32768, 65536, 16);
  static final String FIRST = "20261123T060100Z-0001";
  static final String SECOND = "20261124T060100Z-0002";
  private static final List<String> SERVERS = List.of("plain", "zstd");

  @Test
  void isReadAsItWasWritten() {
    InMemoryObjectStore stored = load(GOLDEN);
    Repository repository = Repository.open(stored);
    assertThat(repository.id()).isEqualTo("000102030405060708090a0b0c0d0e0f");
    assertThat(repository.options()).isEqualTo(OPTIONS);
    for (String name : SERVERS) {
      ServerRepository server = repository.server(name);
      assertThat(server.identity()).hasValue(new ServerIdentity(7_301_234_567_890_123_456L, 15));
      assertHolds(server, FIRST, files());
      assertHolds(server, SECOND, changedFiles());
      assertThat(server.objects().get("wal/00000001/00000000/000000010000000000000001"))
          .isEqualTo(page(1, 20_000));
      assertThat(server.objects().attributes("wal/00000001/00000000/000000010000000000000001"))
          .isEqualTo("attributes".getBytes(UTF_8));
      stored
          .list(name + "/packs/")
          .forEach(key -> server.verifyPack(key.substring(key.lastIndexOf('/') + 1)));
    }
  }

  @Test
  void isWrittenAsItAlwaysWas() {
    InMemoryObjectStore written = write();
    if (Boolean.getBoolean("golden.write")) {
      save(GOLDEN, written);
    }
    InMemoryObjectStore stored = load(GOLDEN);
    assertThat(written.list("")).isEqualTo(stored.list(""));
    for (String key : written.list("")) {
      if (!key.startsWith("zstd/")) {
        assertThat(written.get(key)).as(key).isEqualTo(stored.get(key));
      }
    }
  }

  static Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("PG_VERSION", "15\n".getBytes(UTF_8));
    files.put("base/1/empty", new byte[0]);
    files.put("base/1/small", page(2, 10_000));
    byte[] large = new byte[20 * 8192 + 100];
    for (int i = 0; i < 20; i++) {
      if (i % 4 != 3) {
        System.arraycopy(page(10 + i, 8192), 0, large, i * 8192, 8192);
      }
    }
    files.put("base/1/large", large);
    return files;
  }

  static Map<String, byte[]> changedFiles() {
    Map<String, byte[]> files = files();
    files.get("base/1/large")[5 * 8192] ^= 1;
    return files;
  }

  /** Bytes that are easy to see in a dump. */
  static byte[] page(int number, int length) {
    byte[] bytes = new byte[length];
    byte[] line = ("page " + number + ", as easy to see in a dump as can be\n").getBytes(UTF_8);
    for (int i = 0; i < length; i++) {
      bytes[i] = line[i % line.length];
    }
    return bytes;
  }

  private static InMemoryObjectStore write() {
    InMemoryObjectStore store = new InMemoryObjectStore();
    Repository.create(store, new RepositoryFormat("000102030405060708090a0b0c0d0e0f", OPTIONS));
    for (String name : SERVERS) {
      Compression compression = name.equals("zstd") ? Compression.DEFAULT : Compression.NONE;
      fill(Repository.open(store).server(name, compression));
    }
    return store;
  }

  static void fill(ServerRepository server) {
    server.claim(7_301_234_567_890_123_456L, 15);
    BlockHash first = store(server, FIRST, null, files());
    store(server, SECOND, server.openBackup(FIRST, first), changedFiles());
    server
        .objects()
        .put(
            "wal/00000001/00000000/000000010000000000000001",
            "attributes".getBytes(UTF_8),
            page(1, 20_000));
  }

  private static BlockHash store(
      ServerRepository server, String id, BackupReader parent, Map<String, byte[]> files) {
    try (RepositoryLock lock = server.lock(ServerRepository.BACKUP);
        TaskGroup workers = TaskGroup.of("hashing", 1, 4);
        BackupWriter writer = server.newBackup(id, parent, workers)) {
      assertThat(lock).isNotNull();
      writer.directory("base", 0700);
      writer.directory("base/1", 0700);
      writer.link("pg_tblspc/16385", "/srv/fast");
      files.forEach((path, content) -> writer.file(
          new FileInfo(path, 0600, SampleDatabase.MODIFIED, content.length),
          new ByteArrayInputStream(content)));
      writer.configuration("postgresql.conf", "port = 5432\n".getBytes(UTF_8));
      BlockHash hash = writer.finish().manifestHash();
      String json = "{\"id\":\"" + id + "\",\"manifestHash\":\"" + hash + "\"}";
      server.documents().putIfAbsent("backups/" + id + ".json", json.getBytes(UTF_8));
      server.confirmBackup(id);
      return hash;
    }
  }

  static void assertHolds(ServerRepository server, String id, Map<String, byte[]> expected) {
    byte[] entry = server.documents().find("backups/" + id + ".json").orElseThrow();
    String json = new String(entry, UTF_8);
    BlockHash hash = BlockHash.parse(json.replaceAll(".*manifestHash\":\"([0-9a-f]+).*", "$1"));
    BackupReader reader = server.openBackup(id, hash);
    Map<String, byte[]> found = new TreeMap<>();
    for (ManifestEntry each : reader.entries()) {
      if (each instanceof FileEntry file && file.kind() == FileKind.DATA) {
        found.put(file.path(), reader.readAll(file));
      }
    }
    assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
    assertThat(reader.find("pg_tblspc/16385"))
        .hasValue(new LinkEntry("pg_tblspc/16385", "/srv/fast"));
    assertThat(reader.findConfiguration("postgresql.conf").map(reader::readAll))
        .hasValue("port = 5432\n".getBytes(UTF_8));
  }

  static InMemoryObjectStore load(Path golden) {
    InMemoryObjectStore store = new InMemoryObjectStore();
    try (Stream<Path> files = Files.walk(golden)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        store.overwrite(golden.relativize(file).toString(), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return store;
  }

  static void save(Path golden, ObjectStore written) {
    try {
      for (String key : written.list("")) {
        Path file = golden.resolve(key);
        Files.createDirectories(file.getParent());
        Files.write(file, written.get(key));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
