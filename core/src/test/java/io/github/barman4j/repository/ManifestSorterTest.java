package io.github.barman4j.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

class ManifestSorterTest {
  @Seeds(30)
  void sortsMoreThanItsMemoryHolds(RandomGenerator random) {
    InMemoryObjectStore store = new InMemoryObjectStore();
    ServerKeys keys = new ServerKeys("main");
    SealedObjects scratch = new SealedObjects(store, keys, Compression.DEFAULT);
    TreeSet<String> expected = new TreeSet<>();
    List<String> found = new ArrayList<>();
    try (ManifestSorter sorter =
        new ManifestSorter(scratch, keys, BackupRoundTripTest.id(0), 1 + random.nextInt(20_000))) {
      int count = random.nextInt(2000);
      while (expected.size() < count) {
        String path = "base/" + random.nextInt(10) + "/" + random.nextInt(100_000);
        if (expected.add(path)) {
          sorter.add(ManifestRecord.encode(new DirectoryEntry(path, 0700)));
        }
      }
      sorter.drainTo(record -> {
        byte[] key = ManifestRecord.keyOf(record);
        found.add(new String(key, 1, key.length - 1, java.nio.charset.StandardCharsets.UTF_8));
      });
    }
    assertThat(found).containsExactlyElementsOf(expected);
    assertThat(store.list("")).isEmpty();
  }
}
