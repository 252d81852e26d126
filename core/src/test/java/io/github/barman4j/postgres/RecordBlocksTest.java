package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Forms that the log of a real server shows rarely, and some that none writes. */
class RecordBlocksTest {
  private final List<BlockReference> blocks = new ArrayList<>();
  private final List<Long> databases = new ArrayList<>();

  @Test
  void readsACompressedImageWithAHoleAndASecondPageOfTheSameRelation() {
    ByteBuffer body = WalComposer.buffer(200);
    body.put((byte) 253).putShort((short) 7);
    body.put((byte) 252).putInt(99);
    body.put((byte) 0).put((byte) (0x10 | 2)).putShort((short) 0);
    body.putShort((short) 5)
        .putShort((short) 40)
        .put((byte) (0x01 | 0x02 | 0x10))
        .putShort((short) 8);
    body.putInt(1663).putInt(5).putInt(1259).putInt(7);
    body.put((byte) 1).put((byte) 0x80).putShort((short) 3).putInt(-1);
    body.put((byte) 255).put((byte) 4);
    body.put(new byte[5 + 3 + 4]);
    read(10, body);
    assertThat(blocks)
        .containsExactly(
            new BlockReference(1663, 5, 1259, 2, 7, true),
            new BlockReference(1663, 5, 1259, 0, 0xFFFFFFFFL, false));
    assertThat(databases).isEmpty();
  }

  @Test
  void readsAnImageForVerificationAloneAsNoRewrite() {
    ByteBuffer body = WalComposer.buffer(100);
    body.put((byte) 0).put((byte) 0x10).putShort((short) 0);
    body.putShort((short) 5).putShort((short) 40).put((byte) 0x01);
    body.putInt(1663).putInt(5).putInt(1259).putInt(7).put(new byte[5]);
    read(10, body);
    assertThat(blocks).containsExactly(new BlockReference(1663, 5, 1259, 0, 7, false));
  }

  @Test
  void readsTheDatabaseThatAppearsAsAWhole() {
    ByteBuffer body = WalComposer.buffer(50);
    body.put((byte) 255).put((byte) 16).putInt(16390).putInt(1663).putInt(1).putInt(1663);
    read(4, body);
    assertThat(databases).containsExactly(16390L);
  }

  @Test
  void refusesPartsThatNoServerWrites() {
    ByteBuffer body = WalComposer.buffer(50).put((byte) 77).put(new byte[8]);
    assertThatThrownBy(() -> read(10, body))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_INVALID));
    ByteBuffer cut = WalComposer.buffer(50).put((byte) 0).put((byte) 0x10).put((byte) 0);
    assertThatThrownBy(() -> read(10, cut)).isInstanceOf(BarmanException.class);
  }

  private void read(int manager, ByteBuffer body) {
    RecordBlocks.read(
        manager, body.array(), 0, body.position(), body.position(), new WalReader.BlockObserver() {
          @Override
          public void block(BlockReference reference) {
            blocks.add(reference);
          }

          @Override
          public void database(long oid) {
            databases.add(oid);
          }
        });
  }
}
