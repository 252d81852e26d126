package io.github.barman4j.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.TaskGroup;
import io.github.barman4j.store.InMemoryObjectStore;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One page of one file of many is found with a few small reads. */
class RandomAccessTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ServerRepository server =
      Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main");

  @Test
  void readsOnePageWithoutLoadingTheManifest() {
    SampleDatabase database = new SampleDatabase(new SplittableRandom(1), 0, 1);
    byte[] large = RandomBytes.noise(40 << 20);
    database.files.put("base/5/7777", large);
    for (int i = 0; i < 5000; i++) {
      database.files.put("base/1/" + i, ByteBuffer.allocate(8).putInt(i).array());
    }
    BackupContents contents = BackupRoundTripTest.store(server, 0, null, database);
    long manifest = store.size("main/manifests/" + BackupRoundTripTest.id(0)).orElseThrow();
    assertThat(manifest).isGreaterThan(200_000);

    BackupReader reader = server.openBackup(BackupRoundTripTest.id(0), contents.manifestHash());
    long bytes = store.bytesRead();
    long reads = store.reads();
    FileEntry file = (FileEntry) reader.find("base/5/7777").orElseThrow();
    byte[] block = reader.readBlock(file, 1000);
    assertThat(block).isEqualTo(Arrays.copyOfRange(large, 1000 << 15, 1001 << 15));
    assertThat(store.reads() - reads).isEqualTo(4);
    assertThat(store.bytesRead() - bytes).isLessThan(64 * 1024 + 30_000 + 80_000 + 132_000);
  }

  @Test
  void givesZeroRunsAsSuch() {
    SampleDatabase database = new SampleDatabase(new SplittableRandom(1), 0, 1);
    byte[] sparse = new byte[1_000_000];
    sparse[500_000] = 1;
    database.files.put("sparse", sparse);
    database.files.put("empty", new byte[0]);
    BackupContents contents = BackupRoundTripTest.store(server, 0, null, database);
    BackupReader reader = server.openBackup(BackupRoundTripTest.id(0), contents.manifestHash());
    FileEntry file = (FileEntry) reader.find("sparse").orElseThrow();
    StringBuilder calls = new StringBuilder();
    reader.read(file, new BlockConsumer() {
      @Override
      public void block(long offset, byte[] buffer, int from, int length) {
        calls.append("block ").append(offset).append(' ').append(length).append("; ");
      }

      @Override
      public void zeros(long offset, long length) {
        calls.append("zeros ").append(offset).append(' ').append(length).append("; ");
      }
    });
    assertThat(calls).hasToString("zeros 0 491520; block 491520 32768; zeros 524288 475712; ");
    assertThat(reader.readAll(file)).isEqualTo(sparse);
    assertThat(reader.readAll((FileEntry) reader.find("empty").orElseThrow())).isEmpty();
    assertThat(reader.readBlock(file, 0)).isEqualTo(new byte[32768]);
  }

  @Test
  void storesCopiesOfATemplateOnce() {
    SampleDatabase database = new SampleDatabase(new SplittableRandom(1), 0, 1);
    byte[] template = RandomBytes.noise(3 << 20);
    database.files.put("base/1/1259", template);
    database.files.put("base/5/1259", template);
    BackupContents contents;
    try (RepositoryLock lock = server.lock("backup");
        TaskGroup workers = TaskGroup.of("hashing", 1, 1);
        BackupWriter writer = server.newBackup(BackupRoundTripTest.id(0), null, workers)) {
      assertThat(lock).isNotNull();
      database.files.forEach((path, content) -> writer.file(
          new FileInfo(path, 0600, SampleDatabase.MODIFIED, content.length),
          new ByteArrayInputStream(content)));
      contents = writer.finish();
    }
    // What is on its way at the same time may be stored twice.
    assertThat(contents.newBytes()).isLessThan(template.length * 2L);
    assertThat(contents.newBytes() + contents.reusedBytes()).isEqualTo(template.length * 2L);
  }
}
