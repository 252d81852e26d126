package io.github.barman4j.repository;

import static io.github.barman4j.repository.GoldenRepositoryTest.FIRST;
import static io.github.barman4j.repository.GoldenRepositoryTest.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.InMemoryObjectStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** The encrypted format as bytes, written with random numbers that are always the same; see {@link GoldenRepositoryTest}. */
class GoldenEncryptedTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/encrypted");

  @Test
  void isReadAsItWasWritten() {
    ServerRepository server = Repository.open(
            GoldenRepositoryTest.load(GOLDEN), KeyRing.of(Encrypted.PASSPHRASE))
        .server("plain");
    assertThat(server.identity()).hasValue(new ServerIdentity(7_301_234_567_890_123_456L, 15));
    GoldenRepositoryTest.assertHolds(server, FIRST, GoldenRepositoryTest.files());
    GoldenRepositoryTest.assertHolds(server, SECOND, GoldenRepositoryTest.changedFiles());
    assertThat(server.objects().get("wal/00000001/00000000/000000010000000000000001"))
        .isEqualTo(GoldenRepositoryTest.page(1, 20_000));
  }

  @Test
  void isWrittenAsItAlwaysWas() {
    InMemoryObjectStore written = new InMemoryObjectStore();
    SecureRandom random = new CountedRandom();
    Encrypted.create(
        written, "000102030405060708090a0b0c0d0e0f", GoldenRepositoryTest.OPTIONS, random);
    GoldenRepositoryTest.fill(
        Repository.open(written, KeyRing.of(Encrypted.PASSPHRASE), InstantSource.system(), random)
            .server("plain", Compression.NONE));
    if (Boolean.getBoolean("golden.write")) {
      GoldenRepositoryTest.save(GOLDEN, written);
    }
    InMemoryObjectStore stored = GoldenRepositoryTest.load(GOLDEN);
    assertThat(written.list("")).isEqualTo(stored.list(""));
    for (String key : written.list("")) {
      assertThat(written.get(key)).as(key).isEqualTo(stored.get(key));
    }
  }
}
