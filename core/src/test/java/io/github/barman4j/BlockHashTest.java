package io.github.barman4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BlockHashTest {
  /** FIPS 180-2, appendix B.1. */
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private final byte[] abc = "xabcx".getBytes(StandardCharsets.US_ASCII);

  @Test
  void isTheSha256OfTheBytes() {
    assertThat(BlockHash.of(abc, 1, 3).hex()).isEqualTo(OF_ABC);
    assertThat(BlockHash.digest().update(abc, 1, 1).update(abc, 2, 2).finish().hex())
        .isEqualTo(OF_ABC);
  }

  @Test
  void survivesTextAndBytes() {
    BlockHash hash = BlockHash.of(abc);
    assertThat(BlockHash.parse(hash.hex())).isEqualTo(hash);
    ByteBuffer buffer = ByteBuffer.allocate(BlockHash.BYTES);
    hash.write(buffer);
    assertThat(BlockHash.read(buffer.flip())).isEqualTo(hash);
  }

  @Test
  void refusesWhatIsNotAHash() {
    assertThatThrownBy(() -> BlockHash.parse("ba78")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BlockHash.parse("g".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
