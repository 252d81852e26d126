package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.postgres.WalComposer.Written;
import io.github.barman4j.postgres.WalStop.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalReaderTest {
  private final WalComposer composer = new WalComposer();
  private final WalSegment segment = composer.first();

  @Test
  void needsAStopBeforeItSaysWhy() throws IOException {
    composer.record(1, 10);
    WalReader reader = composer.reader();
    assertThat(reader.page()).isEmpty();
    assertThat(reader.next()).isNotNull();
    assertThat(reader.page()).get().extracting(WalPageHeader::major).isEqualTo(18);
    assertThatThrownBy(reader::stop).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> reader.from(segment.start()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> reader.continueWith(InputStream.nullInputStream(), Timeline.FIRST))
        .isInstanceOf(IllegalStateException.class);
    assertThat(reader.next()).isNull();
    assertThat(reader.next()).isNull();
    assertThat(reader.stop().toString())
        .contains("no more data")
        .contains("whole up to " + reader.end());
  }

  @Test
  void stopsAtTheEndOfAnEmptySource() throws IOException {
    WalStop stop = WalReading.of(new byte[0], segment).stop();
    assertThat(stop)
        .isEqualTo(new WalStop(
            segment.start(),
            Reason.END_OF_DATA,
            segment.start(),
            "no more data",
            Optional.empty()));
  }

  @Test
  void namesTheRecordThatTheEndOfTheDataCuts() throws IOException {
    Written whole = composer.record(1, 100);
    Written cut = composer.record(1, 20_000);
    for (int length : new int[] {1, 8, 23, 24, 100, 8_192, 20_000}) {
      byte[] bytes = Arrays.copyOf(composer.bytes(), segment.size().offsetOf(cut.start()) + length);
      WalStop stop = WalReading.of(bytes, segment).stop();
      assertThat(stop.reason()).isEqualTo(Reason.END_OF_DATA);
      assertThat(stop.end()).isEqualTo(whole.end());
      assertThat(stop.unfinished()).contains(cut.start());
      assertThat(stop.at()).isEqualTo(cut.start().plus(length));
    }
  }

  @Test
  void stopsWhereZerosBegin() throws IOException {
    Written last = composer.record(1, 100);
    WalStop stop = WalReading.of(composer.segments(), segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.ZEROS);
    assertThat(stop.at()).isEqualTo(last.end());
    assertThat(stop.unfinished()).isEmpty();
  }

  @Test
  void stopsAtAPageOfZeros() throws IOException {
    composer.leave(0);
    WalStop stop = WalReading.of(composer.segments(), segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.ZEROS);
    assertThat(stop.at()).isEqualTo(segment.start().plus(WalComposer.PAGE));
  }

  @Test
  void namesTheRecordWhoseRestIsZeros() throws IOException {
    Written torn = composer.record(1, 20_000);
    byte[] bytes = composer.segments();
    Arrays.fill(bytes, WalComposer.PAGE, bytes.length, (byte) 0);
    WalStop stop = WalReading.of(bytes, segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.ZEROS);
    assertThat(stop.end()).isEqualTo(torn.start());
    assertThat(stop.unfinished()).contains(torn.start());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 16, 20, 24, 123})
  void findsAWrongChecksumWhereverTheByteChanged(int offset) throws IOException {
    Written good = composer.record(1, 50);
    Written bad = composer.record(9, 100);
    byte[] bytes = composer.bytes();
    int at = segment.size().offsetOf(bad.start()) + offset;
    bytes[at] ^= offset == 0 ? 8 : 1;
    WalStop stop = WalReading.of(bytes, segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.BAD_CHECKSUM);
    assertThat(stop.at()).isEqualTo(bad.start());
    assertThat(stop.end()).isEqualTo(good.end());
    assertThat(stop.unfinished()).isEmpty();
  }

  @Test
  void findsAWrongChecksumOverPages() throws IOException {
    Written bad = composer.record(9, 30_000);
    byte[] bytes = composer.bytes();
    bytes[25_000] ^= 1;
    WalStop stop = WalReading.of(bytes, segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.BAD_CHECKSUM);
    assertThat(stop.at()).isEqualTo(bad.start());
  }

  /** A record of an earlier use of the file, at the right place and with a right checksum, but after another record. */
  @Test
  void refusesARecordThatLinksToAnotherThanTheOneBefore() throws IOException {
    Written first = composer.record(1, 100);
    Written second = composer.record(1, 100);
    byte[] bytes = composer.bytes();
    byte[] stale =
        WalComposer.encode(WalComposer.HEAP, 0x20, 1, first.start().value() - 8, second.body());
    System.arraycopy(stale, 0, bytes, segment.size().offsetOf(second.start()), stale.length);
    WalStop stop = WalReading.of(bytes, segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.BAD_RECORD_HEADER);
    assertThat(stop.end()).isEqualTo(first.end());
    assertThat(stop.detail()).contains("link");
  }

  @Test
  void refusesAFirstRecordThatLinksForward() throws IOException {
    Written first = composer.record(1, 100);
    byte[] bytes = composer.bytes();
    byte[] odd = WalComposer.encode(WalComposer.HEAP, 0x20, 1, first.start().value(), first.body());
    System.arraycopy(odd, 0, bytes, WalPageHeader.LONG_LENGTH, odd.length);
    assertThat(WalReading.of(bytes, segment).stop().reason()).isEqualTo(Reason.BAD_RECORD_HEADER);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 23, -1, (1 << 30) + 1})
  void refusesLengthsThatNoRecordHas(int length) throws IOException {
    Written record = composer.record(1, 100);
    byte[] bytes = composer.bytes();
    WalComposer.buffer(4).putInt(length).rewind().get(bytes, WalPageHeader.LONG_LENGTH, 4);
    WalStop stop = WalReading.of(bytes, segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.BAD_RECORD_HEADER);
    assertThat(stop.at()).isEqualTo(record.start());
  }

  @Test
  void refusesResourceManagersThatNobodyCanRegister() throws IOException {
    composer.record(128, 0, 1, new byte[5]);
    composer.record(77, 0, 1, new byte[5]);
    WalReading reading = WalReading.of(composer.bytes(), segment);
    assertThat(reading.records()).hasSize(1);
    assertThat(reading.stop().reason()).isEqualTo(Reason.BAD_RECORD_HEADER);
    assertThat(reading.stop().detail()).contains("77");
  }

  @Test
  void judgesAHeaderThatAPageEndCutsInTwo() throws IOException {
    composer.leave(8);
    Written whole = composer.record(1, 10);
    composer.record(1, 1_000);
    composer.leave(16);
    composer.record(77, 0, 1, new byte[50]);
    WalReading reading = WalReading.of(composer.bytes(), segment);
    assertThat(reading.records()).extracting(WalRecord::start).contains(whole.start());
    assertThat(reading.stop().reason()).isEqualTo(Reason.BAD_RECORD_HEADER);
    assertThat(reading.stop().unfinished()).isEmpty();
  }

  @Test
  void passesOverARecordThatWasGivenUp() throws IOException {
    Written before = composer.record(1, 100);
    composer.giveUp(30_000);
    Written after = composer.record(2, 100);
    WalReading reading = WalReading.of(composer.bytes(), segment);
    assertThat(reading.records())
        .extracting(WalRecord::start)
        .containsExactly(before.start(), after.start());
    assertThat(reading.stop().end()).isEqualTo(after.end());
  }

  @Test
  void stopsAtAPageThatDoesNotCarryOn() throws IOException {
    composer.leave(32);
    Written torn = composer.record(1, 100);
    byte[] bytes = composer.bytes();
    bytes[WalComposer.PAGE + 2] = 0;
    WalStop stop = WalReading.of(bytes, segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.BROKEN_CONTINUATION);
    assertThat(stop.unfinished()).contains(torn.start());
    assertThat(stop.detail()).contains("nothing");
  }

  @Test
  void stopsAtAPageThatCarriesOnAnotherRecord() throws IOException {
    composer.leave(32);
    composer.record(1, 100);
    byte[] bytes = composer.bytes();
    bytes[WalComposer.PAGE + 16]++;
    assertThat(WalReading.of(bytes, segment).stop().reason()).isEqualTo(Reason.BROKEN_CONTINUATION);
  }

  @Test
  void stopsAtAPageThatCarriesOnWhatHadNotBegun() throws IOException {
    composer.leave(0);
    composer.record(1, 100);
    byte[] bytes = composer.bytes();
    bytes[WalComposer.PAGE + 2] = 1;
    WalStop stop = WalReading.of(bytes, segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.BROKEN_CONTINUATION);
    assertThat(stop.unfinished()).isEmpty();
  }

  @Nested
  class FromAPosition {
    @Test
    void beginsThereAndNotBefore() throws IOException {
      composer.record(1, 50_000);
      Written wanted = composer.record(2, 10);
      assertThat(WalReading.of(composer.reader().from(wanted.start())).records())
          .extracting(WalRecord::start)
          .containsExactly(wanted.start());
    }

    @Test
    void takesTheStartOfAPageForItsFirstRecord() throws IOException {
      composer.leave(0);
      Written wanted = composer.record(2, 10);
      Lsn page = segment.start().plus(WalComposer.PAGE);
      assertThat(WalReading.of(composer.reader().from(page)).records())
          .extracting(WalRecord::start)
          .containsExactly(wanted.start());
      assertThat(WalReading.of(composer.reader().from(segment.start())).records())
          .hasSize(2);
    }

    @Test
    void canLieInALaterSegment() throws IOException {
      composer.record(1, 1_500_000);
      Written wanted = composer.record(2, 10);
      assertThat(WalReading.of(composer.reader().from(wanted.start())).records())
          .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 39, 44, 8192 + 16, 100})
    void refusesPlacesWhereNoRecordCanBegin(long offset) throws IOException {
      composer.record(1, 50_000);
      WalStop stop =
          WalReading.of(composer.reader().from(segment.start().plus(offset))).stop();
      assertThat(stop.reason()).isEqualTo(Reason.BAD_RECORD_HEADER);
      assertThat(stop.at()).isEqualTo(segment.start().plus(offset));
      assertThat(stop.end()).isEqualTo(stop.at());
    }

    @Test
    void stopsOnAPageThatOnlyCarriesOn() throws IOException {
      composer.record(1, 50_000);
      WalStop stop = WalReading.of(composer.reader().from(segment.start().plus(WalComposer.PAGE)))
          .stop();
      assertThat(stop.reason()).isEqualTo(Reason.BROKEN_CONTINUATION);
    }

    @Test
    void waitsForDataThatIsNotThereYet() throws IOException {
      composer.record(1, 50_000);
      Written wanted = composer.record(2, 10);
      byte[] bytes = composer.bytes();
      WalReader reader =
          WalReader.open(new ByteArrayInputStream(bytes, 0, 20_000), segment).from(wanted.start());
      assertThat(WalReading.of(reader).stop().end()).isEqualTo(wanted.start());
      reader.continueWith(
          new ByteArrayInputStream(bytes, 20_000, bytes.length - 20_000), Timeline.FIRST);
      assertThat(WalReading.of(reader).records()).hasSize(1);
    }

    @Test
    void doesNotLieBeforeTheData() {
      assertThatThrownBy(() -> composer.reader().from(segment.start().plus(-8)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class MemoryForARecord {
    @Test
    void holdsNoBodyThatNobodyLooksAt() throws IOException {
      composer.record(1, 900_000);
      WalReader reader = WalReader.open(new ByteArrayInputStream(composer.bytes()), segment, 0);
      assertThat(WalReading.of(reader).records()).hasSize(1);
    }

    @Test
    void keepsTimeAndNumberOfACommitThatIsTooLong() throws IOException {
      byte[] data = commit(5_000);
      composer.withData(RecordDecoder.TRANSACTION, 0x80, 4711, data);
      composer.withData(RecordDecoder.TRANSACTION, 0xA0, 4712, data);
      composer.withData(RecordDecoder.TRANSACTION, 0xB0, 4713, data);
      WalReader reader =
          WalReader.open(new ByteArrayInputStream(composer.bytes()), segment, 10_000);
      assertThat(WalReading.of(reader).lines())
          .extracting(line -> line.replaceFirst("\\S+ \\S+ ", ""))
          .containsExactly(
              "4711 COMMIT 2000-01-01T00:00:01Z []",
              "4712 ABORT 2000-01-01T00:00:01Z []",
              "4713 Transaction");
    }

    @Test
    void keepsAllOfACommitThatIsLong() throws IOException {
      composer.withData(RecordDecoder.TRANSACTION, 0x80, 4711, commit(150_000));
      composer.withData(RecordDecoder.TRANSACTION, 0x80, 4712, commit(90_000));
      assertThat(WalReading.of(composer.bytes(), segment).records())
          .extracting(record -> ((WalRecord.Commit) record).subxids().size())
          .containsExactly(150_000, 90_000);
      WalRecord.Commit commit =
          (WalRecord.Commit) WalReading.of(composer.bytes(), segment).records().get(0);
      assertThat(commit.subxids().get(149_999)).isEqualTo(149_999);
    }

    private byte[] commit(int subtransactions) {
      var data = WalComposer.buffer(16 + 4 * subtransactions);
      data.putLong(1_000_000).putInt(2).putInt(subtransactions);
      for (int i = 0; i < subtransactions; i++) {
        data.putInt(i);
      }
      return data.array();
    }
  }
}
