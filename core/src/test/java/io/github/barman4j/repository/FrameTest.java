package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BlockHash;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.codec.Codec;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.testing.Seeds;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final byte[] NO_BUFFER = {};

  @Seeds(50)
  void givesBackItsBlocks(RandomGenerator random) {
    int count = 1 + random.nextInt(20);
    int[] lengths = random.ints(count, 1, 9000).toArray();
    byte[] plain = RandomBytes.ofTable(random, Arrays.stream(lengths).sum());
    byte[] bytes =
        encode(random.nextBoolean() ? Compression.DEFAULT : Compression.NONE, plain, lengths);
    byte[] buffer = random.nextBoolean() ? NO_BUFFER : new byte[plain.length + random.nextInt(9)];
    Frame frame = Frame.decode("pack", Frame.DATA, bytes, 0, bytes.length, buffer);
    int from = 0;
    for (int i = 0; i < count; i++) {
      BlockHash hash = BlockHash.of(plain, from, lengths[i]);
      int at = frame.verified("pack", entry(hash, i), lengths[i]);
      assertThat(Arrays.copyOfRange(frame.plain(), at, at + lengths[i]))
          .isEqualTo(Arrays.copyOfRange(plain, from, from + lengths[i]));
      from += lengths[i];
    }
    assertThat(frame.lengthOf(count)).isEqualTo(-1);
  }

  /** Also a byte whose change would leave the blocks as they are: in the header, or one that Zstandard ignores. */
  @Test
  void isRefusedWithAnyBitFlipped() {
    for (Compression compression : new Compression[] {Compression.DEFAULT, Compression.NONE}) {
      byte[] sound = encode(compression, "easy to compress ".repeat(9).getBytes(US_ASCII), 100, 53);
      for (int bit = 0; bit < 8 * sound.length; bit++) {
        byte[] damaged = sound.clone();
        damaged[bit / 8] ^= (byte) (1 << bit % 8);
        assertThatThrownBy(
                () -> Frame.decode("pack", Frame.DATA, damaged, 0, damaged.length, NO_BUFFER))
            .as("bit %s", bit)
            .isInstanceOf(IntegrityException.class);
      }
    }
  }

  /** A pack that was replaced by another backup's, or written by a machine with bad memory, has sound checksums. */
  @Test
  void doesNotGiveOutABlockWithAnotherHash() {
    byte[] bytes = encode(Compression.NONE, new byte[] {1, 2, 3, 4, 5}, 2, 3);
    Frame frame = Frame.decode("pack", Frame.DATA, bytes, 0, bytes.length, NO_BUFFER);
    BlockHash first = BlockHash.of(new byte[] {1, 2});
    assertThat(frame.verified("pack", entry(first, 0), 2)).isZero();
    assertThatThrownBy(() -> frame.verified("pack", entry(first, 1), 3))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("hash");
    assertThatThrownBy(() -> frame.verified("pack", entry(first, 0), 3))
        .isInstanceOf(IntegrityException.class);
    assertThatThrownBy(() -> frame.verified("pack", entry(first, 2), 2))
        .isInstanceOf(IntegrityException.class);
  }

  @Test
  void isRefusedAsAnotherKindAndWhenCutShort() {
    byte[] bytes = encode(Compression.NONE, new byte[] {1, 2, 3}, 3);
    assertThatThrownBy(() -> Frame.decode("pack", Frame.MAP, bytes, 0, bytes.length, NO_BUFFER))
        .isInstanceOf(IntegrityException.class);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Frame.decode("pack", Frame.DATA, cut, 0, cut.length, NO_BUFFER))
          .isInstanceOf(IntegrityException.class);
    }
  }

  private static byte[] encode(Compression compression, byte[] plain, int... lengths) {
    try (Codec codec = Codec.of(compression)) {
      byte[] target = new byte[Frame.bound(plain.length)];
      int length = Frame.encode(codec, Frame.DATA, plain, lengths, lengths.length, target);
      return Arrays.copyOf(target, length);
    }
  }

  private static BlockEntry entry(BlockHash hash, int index) {
    return new BlockEntry(hash, new BlockAddress(1, 0, 1, index));
  }
}
