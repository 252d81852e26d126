package io.github.barman4j.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.store.LocalObjectStore;
import io.github.barman4j.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackWriterTest {
  private static final String BACKUP = "20261126T060100Z-0001";
  private static final ServerKeys KEYS = new ServerKeys("main");
  private static final int PACK_SIZE = 4096;

  @TempDir
  Path folder;

  @Test
  void leavesNoUnfinishedFileWhenAPackCannotBeFinished() throws IOException {
    ObjectStore store = LocalObjectStore.at(folder);
    store.putIfAbsent(KEYS.pack(PackId.of(BACKUP, 1)), new byte[1]);
    try (PackWriter packs = new PackWriter(store, KEYS, BACKUP, PACK_SIZE)) {
      assertThatThrownBy(() -> {
            for (int frame = 0; frame < 100; frame++) {
              packs.append(new byte[PACK_SIZE], PACK_SIZE, PACK_SIZE);
            }
            packs.finish();
          })
          .isInstanceOf(BarmanException.class);
    }
    assertThat(unfinished()).isEmpty();
  }

  private List<Path> unfinished() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(".tmp-"))
          .toList();
    }
  }
}
