package io.github.barman4j.postgres;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.barman4j.BarmanException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever lies in a segment, reading it ends with records, a stop or an error of ours. */
class LogFuzz {
  private static final int SEED_BYTES = 3 * 8192;
  private static final int WITH_PAGES = 0;
  private static final int ONE_RECORD = 1;
  private static final WalSegment SEGMENT =
      new WalSegment(Timeline.FIRST, 9, GoldenWal.SEGMENT_SIZE);

  static Stream<byte[]> seeds() {
    Stream<byte[]> pages = GoldenWal.majors().mapToObj(major -> {
      byte[] log = GoldenBytes.of(major, SEGMENT.name());
      return GoldenBytes.seed(WITH_PAGES, Arrays.copyOf(log, SEED_BYTES));
    });
    Stream<byte[]> records = Stream.of(0x00, 0x30, 0x80, 0xB0)
        .flatMap(info -> Stream.of(RecordDecoder.TRANSACTION, RecordDecoder.XLOG)
            .map(manager ->
                new byte[] {ONE_RECORD, 3, (byte) (int) manager, (byte) (int) info, -1, 24}));
    return Stream.concat(pages, records.map(seed -> Arrays.copyOf(seed, seed.length + 24)));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "20s")
  void isReadToAStop(byte[] input) throws IOException {
    if (input.length < 5) {
      return;
    }
    try {
      WalReader reader = (input[0] & 1) == WITH_PAGES ? pages(input) : record(input);
      while (reader.next() != null) {
        // What they say is for other tests.
      }
      reader.stop();
    } catch (BarmanException expected) {
      // Damage, told as such.
    }
  }

  private static WalReader pages(byte[] input) {
    return WalReader.open(new ByteArrayInputStream(input, 1, input.length - 1), SEGMENT);
  }

  /** A record that is whole, with a body that makes no sense. */
  private static WalReader record(byte[] input) {
    WalFormat format = WalFormat.values()[input[1] & 3];
    WalComposer composer =
        new WalComposer(format, new WalSegment(Timeline.FIRST, 5, WalComposer.SEGMENT_SIZE));
    composer.record(
        input[2] & 0xFF, input[3] & 0xFF, 9, Arrays.copyOfRange(input, 4, input.length));
    return composer.reader();
  }
}
