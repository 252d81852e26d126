package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.testing.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SealedObjectsTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final Repository repository =
      Repository.openOrCreate(store, RepositoryOptions.defaults());
  private final SealedObjects objects = repository.server("main").objects();

  @Seeds(20)
  void givesBackWhatWasStored(RandomGenerator random) throws IOException {
    byte[] content = RandomBytes.ofTable(random, random.nextInt(3 << 20));
    byte[] attributes = RandomBytes.ofTable(random, random.nextInt(20_000));
    Compression compression = random.nextBoolean() ? Compression.DEFAULT : Compression.NONE;
    SealedObjects writing = repository.server("main", compression).objects();
    try (SealedUpload upload = writing.create("wal/1/x", attributes)) {
      int done = 0;
      while (done < content.length) {
        int step = Math.min(content.length - done, 1 + random.nextInt(700_000));
        upload.out().write(content, done, step);
        done += step;
      }
      assertThat(upload.commitIfAbsent()).isTrue();
    }
    assertThat(objects.get("wal/1/x")).isEqualTo(content);
    assertThat(objects.attributes("wal/1/x")).isEqualTo(attributes);
    assertThat(objects.size("wal/1/x")).isEqualTo(OptionalLong.of(content.length));
    try (InputStream in = objects.open("wal/1/x")) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
  }

  @Test
  void readsAttributesWithOneShortRead() throws IOException {
    try (SealedUpload upload = objects.create("wal/1/x", "few".getBytes(UTF_8))) {
      upload.out().write(RandomBytes.noise(1 << 20));
      upload.commit();
    }
    long before = store.bytesRead();
    assertThat(objects.attributes("wal/1/x")).isEqualTo("few".getBytes(UTF_8));
    assertThat(store.bytesRead() - before).isLessThanOrEqualTo(4096);
  }

  @Test
  void putReplacesAndPutIfAbsentDoesNot() {
    objects.put("a", "one".getBytes(UTF_8));
    assertThat(objects.putIfAbsent("a", "two".getBytes(UTF_8))).isFalse();
    assertThat(objects.get("a")).isEqualTo("one".getBytes(UTF_8));
    objects.put("a", "three".getBytes(UTF_8));
    assertThat(objects.find("a")).hasValue("three".getBytes(UTF_8));
    assertThat(objects.list("")).containsExactly("a");
    objects.delete("a");
    assertThat(objects.find("a")).isEmpty();
    assertThat(objects.size("a")).isEmpty();
    assertThat(objects.contains("a")).isFalse();
  }

  @Test
  void isInvisibleUntilItIsCommitted() throws IOException {
    try (SealedUpload upload = objects.create("a", new byte[0])) {
      upload.out().write(RandomBytes.noise(2 << 20));
    }
    assertThat(objects.list("")).isEmpty();
  }

  @Test
  void saysThatAnObjectIsMissing() {
    for (Runnable read : new Runnable[] {
      () -> objects.get("wal/no"), () -> objects.open("wal/no"), () -> objects.attributes("wal/no")
    }) {
      assertThatThrownBy(read::run)
          .isInstanceOfSatisfying(
              BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OBJECT_MISSING))
          .hasMessageContaining("main/wal/no");
    }
  }

  @Test
  void findsEveryFlippedBit() {
    SealedObjects plain = repository.server("main", Compression.NONE).objects();
    plain.put("plain", "attributes".getBytes(UTF_8), RandomBytes.noise(200));
    objects.put("zstd", "attributes".getBytes(UTF_8), "a small one ".repeat(40).getBytes(UTF_8));
    objects.put("empty", new byte[0]);
    for (String key : new String[] {"plain", "zstd", "empty"}) {
      Flips.everyBitOf(store, "main/" + key, () -> objects.get(key));
    }
  }

  @Test
  void findsAFlippedBitInAttributesWithoutReadingTheRest() {
    objects.put("a", "attributes".getBytes(UTF_8), new byte[0]);
    byte[] sound = store.get("main/a");
    int header = sound.length - SealedHeader.TRAILER_BYTES;
    for (int at = 0; at < header; at++) {
      byte[] damaged = sound.clone();
      damaged[at] ^= 1;
      store.overwrite("main/a", damaged);
      assertThatThrownBy(() -> objects.attributes("a")).isInstanceOf(IntegrityException.class);
    }
  }

  @Test
  void givesOutNothingDamagedAndFailsBeforeTheEnd() throws IOException {
    byte[] content = RandomBytes.noise(5 * SealedUpload.CHUNK_BYTES / 2);
    objects.put("a", content);
    byte[] sound = store.get("main/a");
    for (int at : new int[] {100, sound.length / 2, sound.length - 1}) {
      byte[] damaged = sound.clone();
      damaged[at] ^= 4;
      store.overwrite("main/a", damaged);
      int read = 0;
      byte[] target = new byte[content.length];
      IntegrityException failure = null;
      try (InputStream in = objects.open("a")) {
        for (int count = in.read(target); count >= 0; ) {
          read += count;
          count = in.read(target, read, target.length - read);
        }
      } catch (IntegrityException e) {
        failure = e;
      }
      assertThat(failure).isNotNull();
      assertThat(read).isLessThan(content.length);
      assertThat(Arrays.copyOf(target, read)).isEqualTo(Arrays.copyOf(content, read));
    }
  }

  @Test
  void refusesACopyUnderAnotherName() {
    objects.put("wal/1/a", "a".getBytes(UTF_8));
    store.overwrite("main/wal/1/b", store.get("main/wal/1/a"));
    assertThatThrownBy(() -> objects.get("wal/1/b"))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("it is a copy of 'wal/1/a'");
  }
}
