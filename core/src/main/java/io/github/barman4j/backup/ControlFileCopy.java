package io.github.barman4j.backup;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.server.PostgresServer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Makes sure that the pg_control of a backup is whole: a server writes it in place, also while it is read. */
final class ControlFileCopy {
  private static final int ATTEMPTS = 10;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final PostgresServer server;
  private final EventSink events;

  ControlFileCopy(PostgresServer server, EventSink events) {
    this.server = server;
    this.events = events;
  }

  /**
   * What was sent, when its checksum is right; else what the server has a moment later.
   *
   * @throws BarmanException (CONTROL_FILE_INVALID) when it stays wrong
   */
  byte[] whole(byte[] sent) {
    if (server.version().major() > ControlFile.NEWEST_MAJOR) {
      events.info(
          "pg_control is of a release that this one does not know: it is stored as it came");
      return sent;
    }
    byte[] content = sent;
    for (int attempt = 1; ; attempt++) {
      try {
        ControlFile.parse(content);
        return content;
      } catch (BarmanException e) {
        if (attempt == ATTEMPTS) {
          throw new BarmanException(
              ErrorCode.CONTROL_FILE_INVALID,
              "the server sends a damaged pg_control: " + e.problem(),
              "look at the server's disk: it will not start again with this file",
              e);
        }
        events.warn(
            "pg_control came with a wrong checksum", "it is read again: the server was writing it");
        LockSupport.parkNanos(PAUSE.toNanos());
        content = server
            .readFile(ControlFile.PATH, 0, sent.length)
            .filter(read -> read.length == sent.length)
            .orElse(content);
      }
    }
  }
}
