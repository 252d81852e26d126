package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.WalStop.Reason;
import io.github.barman4j.testing.Seeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Log that real servers wrote, against what pg_walinspect said of it. */
class WalReaderGoldenTest {
  @ParameterizedTest(name = "PostgreSQL {0}")
  @MethodSource("io.github.barman4j.postgres.GoldenWal#majors")
  void readsWhatTheServerWrote(int major) throws IOException {
    GoldenWal golden = GoldenWal.of(major);
    List<WalSegment> segments = golden.segments(1);

    WalReading reading = WalReading.of(golden.bytes(segments), segments.get(0));

    assertThat(reading.lines()).containsExactlyElementsOf(golden.told(1));
    Lsn end = segments.get(segments.size() - 1).end();
    assertThat(reading.stop().reason()).isEqualTo(Reason.END_OF_DATA);
    assertThat(reading.stop().end()).isEqualTo(end);
    assertThat(reading.stop().at()).isEqualTo(end);
    assertThat(reading.stop().unfinished()).isEmpty();
  }

  @ParameterizedTest(name = "PostgreSQL {0}")
  @MethodSource("io.github.barman4j.postgres.GoldenWal#majors")
  void readsOverAForkInASegment(int major) throws IOException {
    GoldenWal golden = GoldenWal.of(major);
    WalSegment segment = golden.segments(2).get(0);
    Lsn fork = TimelineHistory.parse(new Timeline(2), golden.text("00000002.history"))
        .endOf(Timeline.FIRST)
        .orElseThrow();

    WalReading reading = WalReading.of(golden.bytes(segment), segment);

    assertThat(reading.lines()).containsExactlyElementsOf(golden.told(2));
    assertThat(reading.records())
        .filteredOn(WalRecord.EndOfRecovery.class::isInstance)
        .singleElement()
        .satisfies(record -> {
          assertThat(record.start()).isEqualTo(fork);
          assertThat(((WalRecord.EndOfRecovery) record).timeline()).isEqualTo(new Timeline(2));
        });
  }

  @ParameterizedTest(name = "PostgreSQL {0}")
  @MethodSource("io.github.barman4j.postgres.GoldenWal#majors")
  void readsTheNamesOfPreparedTransactions(int major) throws IOException {
    GoldenWal golden = GoldenWal.of(major);
    List<WalSegment> segments = golden.segments(1);

    List<WalRecord> records =
        WalReading.of(golden.bytes(segments), segments.get(0)).records();

    assertThat(records)
        .filteredOn(WalRecord.CommitPrepared.class::isInstance)
        .extracting(record -> ((WalRecord.CommitPrepared) record).gid())
        .containsExactly("first gid", "from elsewhere");
    assertThat(records)
        .filteredOn(WalRecord.AbortPrepared.class::isInstance)
        .extracting(record -> ((WalRecord.AbortPrepared) record).gid())
        .containsExactly("the second, with né");
  }

  @ParameterizedTest(name = "PostgreSQL {0}")
  @MethodSource("io.github.barman4j.postgres.GoldenWal#majors")
  void beginsEachSegmentWithItsFirstOwnRecord(int major) throws IOException {
    GoldenWal golden = GoldenWal.of(major);
    for (WalSegment segment : golden.segments(1)) {
      List<String> own = golden.told(1).stream()
          .filter(line -> segment.contains(GoldenWal.start(line))
              && !GoldenWal.end(line).isAfter(segment.end()))
          .toList();

      WalReading reading = WalReading.of(golden.bytes(segment), segment);

      assertThat(reading.lines()).as(segment.name()).isEqualTo(own);
      assertThat(reading.stop().end())
          .isEqualTo(own.isEmpty() ? segment.start() : GoldenWal.end(own.get(own.size() - 1)));
    }
  }

  @ParameterizedTest(name = "PostgreSQL {0}")
  @MethodSource("io.github.barman4j.postgres.GoldenWal#majors")
  void goesOnSegmentBySegment(int major) throws IOException {
    GoldenWal golden = GoldenWal.of(major);
    List<WalSegment> segments = golden.segments(1);
    WalReader reader =
        WalReader.open(new ByteArrayInputStream(golden.bytes(segments.get(0))), segments.get(0));
    List<WalRecord> records = new ArrayList<>(WalReading.of(reader).records());
    for (WalSegment segment : segments.subList(1, segments.size())) {
      assertThat(reader.dataEnd()).isEqualTo(segment.start());
      reader.continueWith(new ByteArrayInputStream(golden.bytes(segment)), segment.timeline());
      records.addAll(WalReading.of(reader).records());
    }
    assertThat(records.stream().map(GoldenWal::line)).containsExactlyElementsOf(golden.told(1));
  }

  @Seeds(12)
  void beginsAtAnyRecord(RandomGenerator random) throws IOException {
    GoldenWal golden = GoldenWal.of(random.nextInt(15, 19));
    List<WalSegment> segments = golden.segments(1);
    List<String> told = golden.told(1);
    int index = random.nextInt(told.size());
    List<String> rest = told.subList(index, told.size());

    WalReader reader = WalReader.open(
            new ByteArrayInputStream(golden.bytes(segments)), segments.get(0))
        .from(GoldenWal.start(rest.get(0)));

    assertThat(WalReading.of(reader).lines()).isEqualTo(rest);
  }

  @Seeds(30)
  void endsWhereTheDataIsTorn(RandomGenerator random) throws IOException {
    GoldenWal golden = GoldenWal.of(random.nextInt(15, 19));
    List<WalSegment> segments = golden.segments(1);
    byte[] bytes = golden.bytes(segments);
    byte[] stale = golden.bytes(golden.segments(2));
    int cut = random.nextInt(bytes.length);
    Lsn torn = segments.get(0).start().plus(cut);
    byte[] cutOff = Arrays.copyOf(bytes, cut);
    byte[] zeros = Arrays.copyOf(cutOff, bytes.length);
    byte[] recycled = zeros.clone();
    for (int at = cut; at < bytes.length; at++) {
      recycled[at] = stale[at % stale.length];
    }

    for (byte[] tail : List.of(cutOff, zeros, recycled)) {
      WalReading reading = WalReading.of(tail, segments.get(0));
      List<String> told = golden.told(1);
      int whole =
          (int) told.stream().filter(line -> !endOfBytes(line).isAfter(torn)).count();
      // A record whose last bytes are zeros is whole even where zeros begin a little before its
      // end.
      assertThat(reading.lines().size()).isBetween(whole, whole + 1);
      assertThat(reading.lines()).isEqualTo(told.subList(0, reading.lines().size()));
      Lsn end = reading.records().isEmpty()
          ? segments.get(0).start().plus(40)
          : reading.records().get(reading.records().size() - 1).end();
      assertThat(reading.stop().end()).isEqualTo(end);
      boolean all = reading.lines().size() == told.size();
      assertThat(reading.stop().reason() == Reason.END_OF_DATA).isEqualTo(tail == cutOff || all);
    }
  }

  /** A segment switch ends with its header; what follows it belongs to nothing. */
  private static Lsn endOfBytes(String line) {
    return line.endsWith(" SWITCH")
        ? GoldenWal.start(line).plus(RecordHeader.LENGTH)
        : GoldenWal.end(line);
  }
}
