package io.github.barman4j.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupAnswerTest {
  private static final byte[] TITLES = message('T', "ddd");
  private static final byte[] DONE = message('C', "");
  private static final byte[] ARCHIVE = message('d', "nbase.tar");
  private static final byte[] DATA = message('d', "d" + "x".repeat(600));
  private static final byte[] PROGRESS = message('d', "p12345678");
  private static final byte[] MANIFEST = message('d', "m");
  private static final byte[] TEXT = message('d', "d{}");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 6, 7, 100, 100_000})
  void knowsWhereThePartsBeginHoweverTheBytesCome(int piece) {
    byte[] all = join(TITLES, DONE, ARCHIVE, DATA, DATA, PROGRESS, MANIFEST, TEXT);
    BackupAnswer answer = new BackupAnswer();
    for (int at = 0; at < all.length; at += piece) {
      int count = Math.min(piece, all.length - at);
      byte[] buffer = new byte[piece];
      System.arraycopy(all, at, buffer, 0, count);
      answer.add(buffer, count);
    }
    int before = TITLES.length + DONE.length + ARCHIVE.length;
    assertThat(answer.bytes()).isEqualTo(all.length);
    assertThat(answer.firstData()).hasValue(before);
    assertThat(answer.manifest()).hasValue(before + 2L * DATA.length + PROGRESS.length);
  }

  @Test
  void knowsNothingOfWhatHasNotCome() {
    BackupAnswer answer = new BackupAnswer();
    byte[] begun = join(TITLES, DONE, ARCHIVE);
    answer.add(begun, begun.length - 1);
    assertThat(answer.bytes()).isEqualTo(begun.length - 1);
    assertThat(answer.firstData()).isEmpty();
    assertThat(answer.manifest()).isEmpty();
  }

  private static byte[] message(char type, String payload) {
    byte[] content = payload.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) type)
        .putInt(4 + content.length)
        .put(content)
        .array();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
