package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.testing.Seeds;
import io.github.barman4j.wal.WalIndex.RestorePoint;
import io.github.barman4j.wal.WalIndex.TimeRange;
import io.github.barman4j.wal.WalIndex.TimelineStart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SegmentAttributesTest {
  /** As repository-format.md has it; a change of these bytes is a change of the format. */
  private static final String VERSION_1 = "01" + "07" + "01000000" + "65533227e8e4bac0"
      + "0000000003000028" + "00000000030001c8" + "0000000004000000"
      + "00064752550bf000" + "00064752551c9241"
      + "02" + "bc0500" + "0602"
      + "01" + "bf0500"
      + "01" + "04" + "6e6f6f6e" + "0000000003000100" + "0000000003000168" + "00064752550bf000"
      + "01" + "02" + "01" + "0000000003000028";

  @Test
  void hasTheBytesOfTheFormat() {
    Instant noon = Instant.parse("2026-01-01T12:00:00Z");
    XidSet.Builder committed = new XidSet.Builder();
    List.of(700L, 707L, 708L, 709L).forEach(committed::add);
    XidSet.Builder aborted = new XidSet.Builder();
    aborted.add(703);
    SegmentAttributes attributes = new SegmentAttributes(
        WalSegmentSize.DEFAULT,
        TestLog.SYSTEM,
        new WalIndex(
            Lsn.parse("0/3000028"),
            Lsn.parse("0/30001C8"),
            Lsn.parse("0/4000000"),
            true,
            true,
            Optional.of(new TimeRange(noon, noon.plusNanos(1_090_113_000))),
            committed.build(),
            aborted.build(),
            List.of(new RestorePoint("noon", Lsn.parse("0/3000100"), Lsn.parse("0/3000168"), noon)),
            List.of(new TimelineStart(new Timeline(2), Timeline.FIRST, Lsn.parse("0/3000028")))));

    assertThat(HexFormat.of().formatHex(attributes.encode())).isEqualTo(VERSION_1);
    assertThat(SegmentAttributes.decode("key", HexFormat.of().parseHex(VERSION_1)))
        .isEqualTo(attributes);
  }

  @Test
  void refusesALaterVersion() {
    byte[] bytes = HexFormat.of().parseHex(VERSION_1);
    bytes[0] = 2;

    assertThatThrownBy(() -> SegmentAttributes.decode("wal/x", bytes))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("wal/x")
        .hasMessageContaining("version 2");
  }

  @Seeds(200)
  void givesBackWhatWasWritten(RandomGenerator random) {
    SegmentAttributes attributes = random(random);

    assertThat(SegmentAttributes.decode("key", attributes.encode())).isEqualTo(attributes);
  }

  @Seeds(300)
  void answersAnyBytesWithAttributesOrARefusal(RandomGenerator random) {
    byte[] bytes = random(random).encode();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    byte[] cut = Arrays.copyOf(bytes, random.nextInt(1, bytes.length + 1));
    try {
      assertThat(SegmentAttributes.decode("key", cut)).isNotNull();
    } catch (IntegrityException expected) {
      assertThat(expected).hasMessageContaining("key");
    }
  }

  private static SegmentAttributes random(RandomGenerator random) {
    XidSet.Builder committed = new XidSet.Builder();
    XidSet.Builder aborted = new XidSet.Builder();
    for (int i = random.nextInt(300); i > 0; i--) {
      (random.nextInt(9) == 0 ? aborted : committed).add(random.nextInt(500));
    }
    List<RestorePoint> points = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      points.add(new RestorePoint("né " + i, lsn(random), lsn(random), time(random)));
    }
    List<TimelineStart> timelines = new ArrayList<>();
    for (int i = random.nextInt(2); i > 0; i--) {
      timelines.add(new TimelineStart(
          new Timeline(random.nextInt(2, Integer.MAX_VALUE)), Timeline.FIRST, lsn(random)));
    }
    Optional<TimeRange> times = random.nextBoolean()
        ? Optional.empty()
        : Optional.of(new TimeRange(time(random), time(random)));
    return new SegmentAttributes(
        new WalSegmentSize(1 << random.nextInt(20, 31)),
        TestLog.SYSTEM,
        new WalIndex(
            lsn(random),
            lsn(random),
            lsn(random),
            random.nextBoolean(),
            random.nextBoolean(),
            times,
            committed.build(),
            aborted.build(),
            points,
            timelines));
  }

  private static Lsn lsn(RandomGenerator random) {
    return new Lsn(random.nextLong());
  }

  private static Instant time(RandomGenerator random) {
    return Instant.ofEpochSecond(
        random.nextLong(-9_000_000_000L, 9_000_000_000L), random.nextInt(1_000_000) * 1000L);
  }
}
