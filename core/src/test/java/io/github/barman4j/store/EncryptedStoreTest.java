package io.github.barman4j.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.repository.Encrypted;
import io.github.barman4j.testing.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Encryption changes nothing of what a store promises. */
class EncryptedStoreTest extends ObjectStoreContract {
  private static final int SEGMENT = 32 << 10;

  @Override
  ObjectStore emptyStore() {
    return Encrypted.over(new InMemoryObjectStore());
  }

  @Seeds(60)
  void givesBackEveryRangeOfEverySize(RandomGenerator random) throws IOException {
    InMemoryObjectStore below = new InMemoryObjectStore();
    ObjectStore store = Encrypted.over(below);
    int around = SEGMENT * random.nextInt(5) + random.nextInt(-2, 3);
    byte[] content = new byte[random.nextBoolean() ? Math.max(0, around) : random.nextInt(200_000)];
    random.nextBytes(content);
    try (Upload upload = store.upload("a/b")) {
      for (int at = 0; at < content.length; ) {
        int step = Math.min(content.length - at, 1 + random.nextInt(2 * SEGMENT));
        upload.out().write(content, at, step);
        at += step;
      }
      upload.commit();
    }
    assertThat(store.size("a/b")).hasValue(content.length);
    assertThat(below.size("a/b"))
        .hasValue(
            44 + content.length + 16L * Math.max(1, (content.length + SEGMENT - 1) / SEGMENT));
    assertThat(store.get("a/b")).isEqualTo(content);
    for (int i = 0; i < 20; i++) {
      int offset = random.nextInt(content.length + 10);
      int length = random.nextInt(random.nextBoolean() ? 100 : 150_000);
      int to = Math.min(content.length, offset + length);
      byte[] expected = offset >= to ? new byte[0] : Arrays.copyOfRange(content, offset, to);
      assertThat(store.get("a/b", offset, length)).isEqualTo(expected);
    }
    try (InputStream in = store.open("a/b")) {
      assertThat(in.readNBytes(10)).isEqualTo(Arrays.copyOf(content, Math.min(10, content.length)));
    }
  }

  /** A read of one frame costs the segments that it lies in, not the object. */
  @Seeds(1)
  void aShortReadReadsLittle(RandomGenerator random) {
    InMemoryObjectStore below = new InMemoryObjectStore();
    ObjectStore store = Encrypted.over(below);
    byte[] content = new byte[4 << 20];
    random.nextBytes(content);
    store.putIfAbsent("k", content);
    long before = below.bytesRead();
    assertThat(store.get("k", 1_000_000, 8192))
        .isEqualTo(Arrays.copyOfRange(content, 1_000_000, 1_008_192));
    assertThat(below.bytesRead() - before).isLessThanOrEqualTo(2 * (SEGMENT + 16) + 44);
  }
}
