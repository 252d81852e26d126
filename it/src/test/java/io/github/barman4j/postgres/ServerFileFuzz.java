package io.github.barman4j.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.barman4j.BarmanException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.MethodSource;

/** Small files of a server: control file, backup label, timeline history, and the names and positions that stand in them. */
class ServerFileFuzz {
  private static final int CONTROL_FILE = 0;
  private static final int BACKUP_LABEL = 1;
  private static final int HISTORY = 2;
  private static final int NAMES = 3;
  private static final int PAGE_HEADER = 4;

  static Stream<byte[]> seeds() {
    String label = """
        START WAL LOCATION: 0/2000028 (file 000000010000000000000002)
        CHECKPOINT LOCATION: 0/2000060
        BACKUP METHOD: streamed
        BACKUP FROM: primary
        START TIME: 2026-11-23 06:10:11 UTC
        LABEL: nightly
        START TIMELINE: 1
        """;
    return Stream.concat(
        GoldenWal.majors()
            .mapToObj(major -> GoldenBytes.seed(CONTROL_FILE, GoldenBytes.of(major, "pg_control"))),
        Stream.of(
            GoldenBytes.seed(BACKUP_LABEL, label.getBytes(UTF_8)),
            GoldenBytes.seed(
                HISTORY, "1\t0/3000000\tno recovery target specified\n".getBytes(UTF_8)),
            GoldenBytes.seed(NAMES, "000000010000000000000002".getBytes(UTF_8)),
            GoldenBytes.seed(NAMES, "16/B374D848".getBytes(UTF_8)),
            GoldenBytes.seed(PAGE_HEADER, new byte[40])));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "15s")
  void isReadOrRefused(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    String text = new String(bytes, UTF_8);
    switch (input[0] & 7) {
      case CONTROL_FILE -> attempt(() -> ControlFile.parse(withChecksums(bytes)));
      case BACKUP_LABEL -> attempt(() -> BackupLabel.parse(text));
      case HISTORY -> attempt(() -> TimelineHistory.parse(new Timeline(7), text));
      case PAGE_HEADER -> attempt(() -> WalPageHeader.parse(bytes));
      default -> {
        attempt(() -> Lsn.parse(text));
        attempt(() -> WalSegment.parse(text, WalSegmentSize.DEFAULT));
        attempt(() -> SystemIdentifier.parse(text));
        attempt(() -> PostgresVersion.parse(text));
      }
    }
  }

  private static void attempt(Runnable parse) {
    try {
      parse.run();
    } catch (BarmanException expected) {
      // Refused, told as such.
    }
  }

  /** At both places where the layouts have it. */
  private static byte[] withChecksums(byte[] file) {
    for (int at : new int[] {288, 292, 296}) {
      if (file.length >= at + 4) {
        CRC32C checksum = new CRC32C();
        checksum.update(file, 0, at);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(at, (int) checksum.getValue());
      }
    }
    return file;
  }
}
