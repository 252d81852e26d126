package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.wal.ArchiveReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What a timer does on the backup host: archives what lies in the incoming directory, again and again, on a thread of its own. */
final class ArchiveLoop implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final BackupHost host;
  private final Path incoming;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final TaskGroup thread = TaskGroup.of("drill-archive", 1, 0);
  private final Future<Boolean> running;

  private ArchiveLoop(BackupHost host, Path incoming) {
    this.host = host;
    this.incoming = incoming;
    this.running = thread.submit(this::run);
  }

  static ArchiveLoop start(BackupHost host, Path incoming) {
    return new ArchiveLoop(host, incoming);
  }

  private boolean run() throws InterruptedException {
    while (!stopped.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
      archive();
    }
    return true;
  }

  private void archive() {
    ArchiveReport report = host.archiveIncoming(incoming);
    if (!report.quarantined().isEmpty()) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "what the server archived went into the quarantine: " + report.quarantined(),
          "see its reason");
    }
  }

  /** Throws what it has died of. */
  void requireAlive() {
    if (running.isDone()) {
      TaskGroup.get(running);
    }
  }

  /** Ends the loop, and archives what has come since its last round. */
  void finish() {
    stopped.countDown();
    TaskGroup.get(running);
    archive();
  }

  @Override
  public void close() {
    stopped.countDown();
    thread.close();
  }
}
