package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.testing.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Content that real servers write rarely, and content that none writes. */
class RecordDecoderTest {
  private static final Instant TIME = Instant.parse("2026-11-23T06:10:11.123456Z");
  private static final long TIMESTAMP = (TIME.getEpochSecond() - 946_684_800) * 1_000_000 + 123_456;

  @ParameterizedTest
  @EnumSource
  void findsTheTwoPhaseIdBehindEveryOtherPart(WalFormat format) throws IOException {
    int statistic = format.droppedStatisticBytes;
    ByteBuffer data = WalComposer.buffer(500);
    data.putLong(TIMESTAMP).putInt(0x1BF);
    data.putInt(5).putInt(1663);
    data.putInt(2).putInt(70).putInt(71);
    data.putInt(1).put(new byte[12]);
    data.putInt(3).put(new byte[3 * statistic]);
    data.putInt(2).put(new byte[32]);
    data.putInt(-2);
    data.put(new byte[] {'g', 'i', 'd', 0});
    data.putLong(0xAFFE).putLong(1);
    WalRecord record = only(format, RecordDecoder.TRANSACTION, 0xB0, bytes(data));
    assertThat(record).isInstanceOfSatisfying(WalRecord.CommitPrepared.class, commit -> {
      assertThat(commit.xid()).isEqualTo(4_294_967_294L);
      assertThat(commit.subxids()).isEqualTo(Xids.of(70, 71));
      assertThat(commit.gid()).isEqualTo("gid");
      assertThat(commit.time()).isEqualTo(TIME);
      assertThat(commit.committed()).isTrue();
    });
  }

  @Test
  void passesOverOriginAndTopLevelTransaction() throws IOException {
    ByteBuffer body = WalComposer.buffer(3 + 5 + 2 + 8);
    body.put((byte) 253)
        .putShort((short) 1)
        .put((byte) 252)
        .putInt(7)
        .put((byte) 255)
        .put((byte) 8)
        .putLong(TIMESTAMP);
    WalComposer composer = new WalComposer();
    composer.record(RecordDecoder.TRANSACTION, 0x20, 9, body.array());
    WalRecord.Abort abort =
        (WalRecord.Abort) WalReading.of(composer.reader()).records().get(0);
    assertThat(abort.time()).isEqualTo(TIME);
    assertThat(abort.committed()).isFalse();
  }

  @Test
  void leavesOtherOperationsOfTheSameManagersAlone() throws IOException {
    WalComposer composer = new WalComposer();
    composer.record(RecordDecoder.TRANSACTION, 0x50, 9, new byte[100]);
    composer.record(RecordDecoder.TRANSACTION, 0x61, 9, new byte[100]);
    composer.record(RecordDecoder.XLOG, 0xB1, 9, new byte[100]);
    assertThat(WalReading.of(composer.reader()).records())
        .allMatch(WalRecord.Other.class::isInstance)
        .extracting(record -> ((WalRecord.Other) record).info())
        .containsExactly(0x50, 0x60, 0xB0);
  }

  @Test
  void refusesContentThatEndsTooEarly() {
    refuses(0x00, WalComposer.buffer(7));
    refuses(0x80, WalComposer.buffer(8).putLong(TIMESTAMP));
    refuses(0x80, WalComposer.buffer(16).putLong(TIMESTAMP).putInt(2).putInt(1));
    refuses(0x80, WalComposer.buffer(16).putLong(TIMESTAMP).putInt(2).putInt(-1));
    refuses(0x80, WalComposer.buffer(16).putLong(TIMESTAMP).putInt(4).putInt(0x7FFFFFFF));
    refuses(
        0xB0,
        WalComposer.buffer(15).putLong(TIMESTAMP).putInt(0x80).put(new byte[] {'a', 'b', 'c'}));
  }

  @Test
  void refusesATimeThatNoCalendarHolds() {
    ByteBuffer checkpoint =
        WalComposer.buffer(88).putLong(1).putInt(1).putInt(1).putLong(64, Long.MAX_VALUE);
    assertThatThrownBy(() -> only(WalFormat.V15, RecordDecoder.XLOG, 0, checkpoint.array()))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("seconds since 1970");
  }

  @Test
  void refusesARecordWithPartsOfOthers() {
    WalComposer composer = new WalComposer();
    composer.record(RecordDecoder.TRANSACTION, 0, 9, new byte[] {0, 1, 2, 3});
    assertThatThrownBy(() -> composer.reader().next())
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("unexpected part 0");
    WalComposer wrong = new WalComposer();
    wrong.record(RecordDecoder.TRANSACTION, 0, 9, new byte[] {(byte) 255, 9, 0, 0});
    assertThatThrownBy(() -> wrong.reader().next())
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("announces 9 bytes and holds 2");
  }

  @Seeds(300)
  void readsOrRefusesAnyContent(RandomGenerator random) throws IOException {
    byte[] data = new byte[random.nextInt(200)];
    random.nextBytes(data);
    for (int i = random.nextInt(10); i > 0 && data.length > 12; i--) {
      data[8 + random.nextInt(data.length - 8)] = (byte) random.nextInt(3);
    }
    int manager = random.nextInt(2);
    try {
      assertThat(only(
                  WalFormat.values()[random.nextInt(WalFormat.values().length)],
                  manager,
                  random.nextInt(16) << 4,
                  data)
              .xid())
          .isBetween(0L, 0xFFFFFFFFL);
    } catch (BarmanException e) {
      assertThat(e.code()).isIn(ErrorCode.WAL_INVALID, ErrorCode.INVALID_VALUE);
    }
  }

  private static void refuses(int info, ByteBuffer data) {
    assertThatThrownBy(() -> only(WalFormat.V15, RecordDecoder.TRANSACTION, info, data.array()))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_INVALID))
        .hasMessageContaining("ends before its content does");
  }

  private static WalRecord only(WalFormat format, int manager, int info, byte[] data)
      throws IOException {
    WalComposer composer =
        new WalComposer(format, new WalSegment(Timeline.FIRST, 1, WalComposer.SEGMENT_SIZE));
    composer.withData(manager, info, 9, data);
    return WalReading.of(composer.reader()).records().get(0);
  }

  private static byte[] bytes(ByteBuffer data) {
    byte[] bytes = new byte[data.position()];
    data.rewind().get(bytes);
    return bytes;
  }
}
