package io.github.barman4j.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  @TempDir
  Path folder;

  @Test
  void keepsOneReadableLineForEachOutcome() throws Exception {
    Path file = folder.resolve("ledger");
    try (Ledger ledger = Ledger.create(file)) {
      ledger.record(entry(1, 1, Outcome.ACKED, 16, 32));
      ledger.record(entry(2, 1, Outcome.UNKNOWN, 48, 0));
    }
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "1/1 ACKED 7 0/10 0/20 5 2026-01-01T00:00:00Z",
            "2/1 UNKNOWN 7 0/30 0/0 5 2026-01-01T00:00:00Z");
  }

  @Test
  void countsAcknowledgedCommitsFromAPosition() {
    try (Ledger ledger = Ledger.create(folder.resolve("ledger"))) {
      ledger.record(entry(1, 1, Outcome.ACKED, 16, 32));
      ledger.record(entry(1, 2, Outcome.ACKED, 48, 64));
      ledger.record(entry(1, 3, Outcome.UNKNOWN, 80, 0));
      ledger.record(entry(2, 1, Outcome.ACKED, 96, 0));
      assertThat(ledger.acknowledged()).isEqualTo(3);
      assertThat(ledger.acknowledgedFrom(new Lsn(48))).isEqualTo(2);
      assertThat(ledger.acknowledgedFrom(new Lsn(49))).isEqualTo(1);
      assertThat(ledger.lastAcknowledged()).isEqualTo(new Lsn(96));
    }
  }

  @Test
  void losesNoEntryOfConcurrentWriters() throws Exception {
    Path file = folder.resolve("ledger");
    try (Ledger ledger = Ledger.create(file)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int writer = i;
        threads.add(new Thread(() -> {
          for (int seq = 1; seq <= 50; seq++) {
            ledger.record(entry(writer, seq, Outcome.ACKED, seq, seq));
          }
        }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(ledger.entries()).hasSize(400).doesNotHaveDuplicates();
    }
    assertThat(Files.readAllLines(file)).hasSize(400).allMatch(line -> line.endsWith("Z"));
  }

  private static LedgerEntry entry(int writer, long seq, Outcome outcome, long before, long after) {
    return new LedgerEntry(
        new RowKey(writer, seq),
        outcome,
        7,
        new Lsn(before),
        new Lsn(after),
        5,
        Instant.parse("2026-01-01T00:00:00Z"));
  }
}
