package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.testing.Seeds;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WalPageHeaderTest {
  @ParameterizedTest
  @MethodSource("io.github.barman4j.postgres.GoldenWal#majors")
  void readsThePagesOfRealServers(int major) {
    GoldenWal golden = GoldenWal.of(major);
    WalSegment segment = golden.segments(1).get(1);
    byte[] bytes = golden.bytes(segment);

    WalPageHeader first = WalPageHeader.parse(bytes);
    WalPageHeader second = WalPageHeader.parse(bytes, 8192, 8192 + 24);

    assertThat(first.major()).isEqualTo(major);
    assertThat(first.timeline()).isEqualTo(Timeline.FIRST);
    assertThat(first.address()).isEqualTo(segment.start());
    assertThat(first.length()).isEqualTo(WalPageHeader.LONG_LENGTH);
    assertThat(first.continuesRecord()).isTrue();
    assertThat(first.overwritesRecord()).isFalse();
    assertThat(first.identity())
        .contains(new WalPageHeader.Identity(
            new SystemIdentifier(ControlFile.parse(golden.controlFile()).systemIdentifier()),
            segment.size(),
            8192));
    assertThat(second.address()).isEqualTo(segment.start().plus(8192));
    assertThat(second.length()).isEqualTo(WalPageHeader.SHORT_LENGTH);
    assertThat(second.remaining()).isEqualTo(first.remaining() - (8192 - 40));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 17, magic number",
    "2, 16, flags",
    "3, 1, flags",
    "7, 128, timeline",
    "4, 0, timeline",
    "19, 128, remaining",
    "34, 3, segment size",
    "32, 7, segment size",
    "36, 1, page size",
    "37, 1, page size",
    "39, 1, page size"
  })
  void refusesWhatNoServerWrites(int offset, int value, String problem) {
    byte[] header = header();
    header[offset] = (byte) value;
    assertThatThrownBy(() -> WalPageHeader.parse(header))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_INVALID))
        .hasMessageContaining(problem);
  }

  @Test
  void refusesAMissingSystemIdentifier() {
    byte[] header = header();
    Arrays.fill(header, 24, 32, (byte) 0);
    assertThatThrownBy(() -> WalPageHeader.parse(header))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("system identifier 0");
  }

  @Test
  void refusesAHeaderThatIsCutShort() {
    for (int length : new int[] {0, 23, 24, 39}) {
      assertThatThrownBy(() -> WalPageHeader.parse(Arrays.copyOf(header(), length)))
          .isInstanceOf(BarmanException.class)
          .hasMessageContaining("cut short");
    }
  }

  @Seeds(200)
  void readsOrRefusesAnyBytes(RandomGenerator random) {
    byte[] bytes = header();
    for (int i = random.nextInt(6); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    try {
      assertThat(WalPageHeader.parse(bytes).major()).isBetween(15, 19);
    } catch (BarmanException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.WAL_INVALID);
    }
  }

  private static byte[] header() {
    WalComposer composer = new WalComposer();
    composer.record(1, 1);
    return Arrays.copyOf(composer.bytes(), WalPageHeader.LONG_LENGTH);
  }
}
