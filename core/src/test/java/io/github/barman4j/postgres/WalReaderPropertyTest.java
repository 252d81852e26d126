package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.WalComposer.Written;
import io.github.barman4j.testing.Seeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random log: everything is read, in whatever bits it comes, and nothing that is broken is believed. */
class WalReaderPropertyTest {
  @Seeds(60)
  void readsEveryRecordInWhateverBitsItComes(RandomGenerator random) throws IOException {
    WalComposer composer = compose(random);
    byte[] bytes = composer.bytes();

    WalReader reader = WalReader.open(WalReading.inBits(bytes, random), composer.first())
        .expecting(WalComposer.SYSTEM);

    assertThat(WalReading.of(reader).records()).isEqualTo(others(composer.written()));
    assertThat(reader.stop().reason()).isEqualTo(WalStop.Reason.END_OF_DATA);
    assertThat(reader.stop().end())
        .isEqualTo(composer.written().get(composer.written().size() - 1).end());
  }

  @Seeds(60)
  void goesOnAfterAnyByte(RandomGenerator random) throws IOException {
    WalComposer composer = compose(random);
    byte[] bytes = composer.bytes();
    int[] cuts = random.ints(6, 0, bytes.length + 1).sorted().toArray();
    List<WalRecord> records = new ArrayList<>();
    WalReader reader =
        WalReader.open(new ByteArrayInputStream(bytes, 0, cuts[0]), composer.first());
    for (int i = 0; i < cuts.length; i++) {
      records.addAll(WalReading.of(reader).records());
      assertThat(reader.dataEnd()).isEqualTo(composer.first().start().plus(cuts[i]));
      int next = i + 1 < cuts.length ? cuts[i + 1] : bytes.length;
      reader.continueWith(
          new ByteArrayInputStream(bytes, cuts[i], next - cuts[i]),
          composer.first().timeline());
    }
    records.addAll(WalReading.of(reader).records());

    assertThat(records).isEqualTo(others(composer.written()));
  }

  @Seeds(150)
  void believesNothingBroken(RandomGenerator random) throws IOException {
    WalComposer composer = compose(random);
    byte[] bytes = composer.bytes();
    int from = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, from + (random.nextBoolean() ? 1 : random.nextInt(1, 20_000)));
    corrupt(bytes, from, to, random);

    List<WalRecord> expected = others(composer.written());
    WalReading reading = WalReading.of(bytes, composer.first());

    assertThat(reading.records())
        .isEqualTo(expected.subList(0, reading.records().size()));
    long lastUntouchedPage =
        composer.first().start().value() + from / WalComposer.PAGE * WalComposer.PAGE;
    long untouched = composer.written().stream()
        .filter(record -> record.lastByte().value() <= lastUntouchedPage)
        .count();
    assertThat(reading.records().size()).isGreaterThanOrEqualTo((int) untouched);
    if (reading.records().size() < expected.size()) {
      Lsn firstLost = composer.written().get(reading.records().size()).lastByte();
      assertThat(firstLost).isGreaterThan(composer.first().start().plus(from));
    }
    if (!reading.records().isEmpty()) {
      assertThat(reading.stop().end())
          .isEqualTo(reading.records().get(reading.records().size() - 1).end());
    }
  }

  @Seeds(150)
  void stopsCleanlyInRandomBytes(RandomGenerator random) throws IOException {
    byte[] bytes = new byte[random.nextInt(200_000)];
    random.nextBytes(bytes);
    WalComposer composer = compose(random);
    byte[] real = composer.bytes();
    // A real beginning, so that reading gets far enough to meet the noise.
    int kept = Math.min(random.nextInt(100_000), Math.min(real.length, bytes.length));
    System.arraycopy(real, 0, bytes, 0, kept);
    WalReader reader = WalReader.open(new ByteArrayInputStream(bytes), composer.first());
    if (random.nextBoolean()) {
      reader.from(composer.first().start().plus(random.nextInt(200_000)));
    }
    try {
      assertThat(WalReading.of(reader).stop().at())
          .isGreaterThanOrEqualTo(composer.first().start());
    } catch (BarmanException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.WAL_INVALID);
    }
  }

  /** One to three segments of records, some long, some given up, some headers cut by the end of a page. */
  private static WalComposer compose(RandomGenerator random) {
    WalFormat format = WalFormat.values()[random.nextInt(WalFormat.values().length)];
    WalSegment first = new WalSegment(
        new Timeline(random.nextInt(1, 5)), random.nextLong(1, 1 << 30), WalComposer.SEGMENT_SIZE);
    WalComposer composer = new WalComposer(format, first);
    int count = random.nextInt(1, 200);
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(24)) {
        case 0 -> composer.record(random.nextInt() & 0xFFFFFFFFL, random.nextInt(300_000));
        case 1 -> composer.record(7, random.nextInt(30_000));
        case 2 -> composer.giveUp(random.nextInt(8_200, 50_000));
        case 3, 4 -> {
          composer.record(7, random.nextInt(4_000));
          leaveLittle(composer, random);
        }
        case 5 -> {
          if (random.nextInt(20) == 0) {
            composer.record(0, 0x40, 0, new byte[0]);
          }
        }
        default -> composer.record(random.nextInt(1000), random.nextInt(300));
      }
    }
    composer.record(1, 10);
    return composer;
  }

  private static void leaveLittle(WalComposer composer, RandomGenerator random) {
    long used = composer.position().value() % WalComposer.PAGE;
    int left = 8 * random.nextInt(1, 4);
    if (used != 0 && WalComposer.PAGE - used - left >= RecordHeader.LENGTH) {
      composer.leave(left);
    }
  }

  private static List<WalRecord> others(List<Written> written) {
    return written.stream()
        .map(record -> record.manager() == 0
            ? new WalRecord.SegmentSwitch(record.start(), record.end())
            : new WalRecord.Other(
                record.start(), record.end(), record.xid(), record.manager(), record.info()))
        .map(WalRecord.class::cast)
        .toList();
  }

  private static void corrupt(byte[] bytes, int from, int to, RandomGenerator random) {
    switch (random.nextInt(4)) {
      case 0 -> bytes[from] ^= (byte) (1 << random.nextInt(8));
      case 1 -> Arrays.fill(bytes, from, to, (byte) 0);
      case 2 -> {
        for (int i = from; i < to; i++) {
          bytes[i] = (byte) random.nextInt();
        }
      }
      default ->
        System.arraycopy(
            bytes, random.nextInt(bytes.length - (to - from) + 1), bytes, from, to - from);
    }
  }
}
