package io.github.barman4j.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.testing.Seeds;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CodecTest {
  @Seeds(50)
  void restoresWhatItCompressed(RandomGenerator random) {
    byte[] plain = compressible(random, 1 + random.nextInt(200_000));
    int offset = random.nextInt(plain.length);
    int length = plain.length - offset;
    try (Codec codec = Codec.of(new Compression.Zstd(1 + random.nextInt(5)))) {
      byte[] compressed = codec.compress(plain, offset, length);
      byte[] restored = compressed == null
          ? Codec.decompress(Compression.None.ID, plain, offset, length, length)
          : Codec.decompress(Compression.Zstd.ID, compressed, 0, compressed.length, length);
      assertThat(restored).isEqualTo(Arrays.copyOfRange(plain, offset, plain.length));
    }
  }

  @Seeds(5)
  void leavesAloneWhatDoesNotBecomeSmaller(RandomGenerator random) {
    byte[] noise = new byte[10_000];
    random.nextBytes(noise);
    try (Codec codec = Codec.of(Compression.DEFAULT)) {
      assertThat(codec.compress(noise, 0, noise.length)).isNull();
    }
    try (Codec codec = Codec.of(Compression.NONE)) {
      assertThat(codec.compress(new byte[10_000], 0, 10_000)).isNull();
    }
  }

  @Seeds(20)
  void refusesDamagedBytesOrRestoresTheAnnouncedNumber(RandomGenerator random) {
    byte[] plain = compressible(random, 50_000);
    try (Codec codec = Codec.of(Compression.DEFAULT)) {
      byte[] compressed = codec.compress(plain, 0, plain.length);
      assertThat(compressed).isNotNull();
      for (int i = 0; i < 100; i++) {
        byte[] damaged = compressed.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        try {
          byte[] restored =
              Codec.decompress(Compression.Zstd.ID, damaged, 0, damaged.length, plain.length);
          assertThat(restored).hasSize(plain.length);
        } catch (IntegrityException expected) {
          assertThat(expected.problem()).contains("compressed bytes");
        }
      }
    }
  }

  @Test
  void refusesAWrongLengthAndAnUnknownCodec() {
    byte[] plain = new byte[1000];
    try (Codec codec = Codec.of(Compression.DEFAULT)) {
      byte[] compressed = codec.compress(plain, 0, plain.length);
      assertThat(compressed).isNotNull();
      for (int length : new int[] {999, 1001}) {
        assertThatThrownBy(() ->
                Codec.decompress(Compression.Zstd.ID, compressed, 0, compressed.length, length))
            .isInstanceOf(IntegrityException.class);
        assertThatThrownBy(
                () -> Codec.decompress(Compression.None.ID, plain, 0, plain.length, length))
            .isInstanceOf(IntegrityException.class);
      }
      assertThatThrownBy(() -> Codec.decompress((byte) 9, compressed, 0, compressed.length, 1000))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("codec 9");
    }
  }

  @Test
  void refusesLevelsOutOfRange() {
    assertThatThrownBy(() -> new Compression.Zstd(0)).isInstanceOf(BarmanException.class);
    assertThatThrownBy(() -> new Compression.Zstd(20)).isInstanceOf(BarmanException.class);
    assertThat(Compression.DEFAULT).hasToString("zstd:1");
    assertThat(Compression.NONE).hasToString("none");
  }

  private static byte[] compressible(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    int distinct = 1 + random.nextInt(256);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(distinct) : i >> 6);
    }
    return bytes;
  }
}
