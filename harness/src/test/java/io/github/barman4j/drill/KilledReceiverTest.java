package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.drill.KilledReceiver.Return;
import io.github.barman4j.health.CheckItem;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledReceiverTest {
  private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
  private static final WalSegment FIRST = WalSegment.parse("000000010000000000000007", SIZE);
  private static final CheckReport HEALTHY = new CheckReport("drill", List.of());
  private static final Return MIDDLE =
      new Return(FIRST.start().plus(1000), true, 4711, Duration.ofMillis(300));

  @TempDir
  Path folder;

  @Test
  void passesWhenTheLogIsTheServersOwn() throws IOException {
    write("restored", FIRST, 1);
    write("restored", FIRST.next(), 2);
    write("own", FIRST, 1);
    write("own", FIRST.next(), 2);
    ScenarioResult result = judge(MIDDLE, FIRST.next().end(), HEALTHY);
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsForOneOtherByte() throws IOException {
    write("restored", FIRST, 1);
    Path own = write("own", FIRST, 1);
    byte[] content = Files.readAllBytes(own);
    content[99] ^= 1;
    Files.write(own, content);
    assertThat(judge(MIDDLE, FIRST.end(), HEALTHY).reasons())
        .containsExactly(
            "check same-bytes failed: segment " + FIRST.name() + " differs from byte 99 on");
    assertThat(judge(MIDDLE, FIRST.start().plus(99), HEALTHY).verdict())
        .as("behind the end nothing is compared")
        .isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsForAHole() throws IOException {
    write("restored", FIRST, 1);
    write("restored", FIRST.next().next(), 3);
    write("own", FIRST, 1);
    write("own", FIRST.next().next(), 3);
    assertThat(judge(MIDDLE, FIRST.end(), HEALTHY).reasons())
        .containsExactly("check no-hole failed: " + FIRST.next().next().name() + " comes where "
            + FIRST.next().name() + " was to follow");
  }

  @Test
  void failsWhenTheLogEndsTooEarly() throws IOException {
    write("restored", FIRST, 1);
    write("own", FIRST, 1);
    assertThat(judge(MIDDLE, FIRST.end().plus(1), HEALTHY).reasons())
        .containsExactly(
            "check same-bytes failed: the log ends before " + FIRST.end().plus(1));
  }

  @Test
  void failsForADuplicateAndIsInconclusiveAtASegmentsEdge() throws IOException {
    write("restored", FIRST, 1);
    write("own", FIRST, 1);
    CheckReport quarantined = new CheckReport(
        "drill", List.of(new CheckItem("quarantine", CheckItem.Status.FAILED, "1 segment", "")));
    assertThat(judge(MIDDLE, FIRST.end(), quarantined).reasons())
        .containsExactly("check no-duplicate failed: 1 segment");
    Return edge = new Return(FIRST.start(), false, 4711, Duration.ofMillis(300));
    assertThat(judge(edge, FIRST.end(), HEALTHY).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  private ScenarioResult judge(Return returned, Lsn end, CheckReport health) {
    ReceivedLog log = ReceivedLog.of(folder.resolve("restored"), SIZE);
    return KilledReceiver.observed(
            returned,
            log.differences(folder.resolve("own/barman_wal/wal"), end),
            log.holes(FIRST),
            health)
        .judged(new KilledReceiver().info(), "resumed");
  }

  private Path write(String where, WalSegment segment, int content) throws IOException {
    Path wal = Files.createDirectories(folder.resolve(where).resolve("barman_wal/wal"));
    byte[] bytes = new byte[SIZE.bytes()];
    bytes[42] = (byte) content;
    return Files.write(wal.resolve(segment.name()), bytes);
  }
}
