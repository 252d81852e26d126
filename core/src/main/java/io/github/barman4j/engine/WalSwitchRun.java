package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.repository.ServerIdentity;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.server.ServerFacts;
import io.github.barman4j.server.SwitchedWal;
import io.github.barman4j.wal.WalArchive;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One switch of the segment that a server writes, and the wait for its archiving. Used once. */
final class WalSwitchRun {
  private static final String APPLICATION_NAME = "barman_switch_wal";
  private static final Duration POLL = Duration.ofMillis(50);

  private final EngineConfiguration configuration;
  private final ConnectionSettings connection;
  private final Storage storage;
  private final SwitchWalRequest request;

  WalSwitchRun(
      EngineConfiguration configuration,
      ConnectionSettings connection,
      Storage storage,
      SwitchWalRequest request) {
    this.configuration = configuration;
    this.connection = connection;
    this.storage = storage;
    this.request = request;
  }

  /** Everything that could refuse it; nothing is changed. */
  void check() {
    try (PostgresServer server = connect()) {
      server.requireWalSwitch();
      if (request.waitArchived()) {
        requireOwnArchive(server.facts());
      }
    }
  }

  SwitchWalReport run() {
    try (PostgresServer server = connect()) {
      if (!request.waitArchived()) {
        return report(server.switchWal(request.restorePoint()), false);
      }
      ServerRepository repository = requireOwnArchive(server.facts());
      SwitchedWal switched = server.switchWal(request.restorePoint());
      await(switched.segment(), repository);
      return report(switched, true);
    }
  }

  private static SwitchWalReport report(SwitchedWal switched, boolean archived) {
    return new SwitchWalReport(
        switched.restorePoint(), switched.restorePointEnd(), switched.segment(), archived);
  }

  /** Else the segment would never come, or another server's would be taken for it. */
  private ServerRepository requireOwnArchive(ServerFacts facts) {
    ServerRepository repository = storage.existing();
    long known = repository.identity().map(ServerIdentity::systemIdentifier).orElseThrow();
    if (known != facts.systemIdentifier().value()) {
      throw new BarmanException(
          ErrorCode.REPOSITORY_OTHER_SYSTEM,
          "the server has system identifier " + facts.systemIdentifier() + ", but '"
              + repository.name() + "' in the repository has " + Long.toUnsignedString(known),
          "choose another name with barman.server, or connect to the original cluster");
    }
    return repository;
  }

  private void await(WalSegment segment, ServerRepository repository) {
    WalArchive archive = new WalArchive(repository);
    long start = System.nanoTime();
    while (!archive.contains(segment)) {
      if (System.nanoTime() - start > request.waitTimeout().toNanos()) {
        throw new BarmanException(
            ErrorCode.WAL_NOT_ARCHIVED,
            "segment " + segment + " is ended, and is not in the archive of server '"
                + repository.name() + "' after " + request.waitTimeout().toSeconds() + " s; "
                + (repository.isLocked(ServerRepository.RECEIVE)
                    ? "a receiver runs"
                    : "no receiver runs"),
            "start receive-wal, or archive what archive_command has sent with archive-wal; a larger barman.waitTimeout waits longer");
      }
      LockSupport.parkNanos(POLL.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new BarmanException(
            ErrorCode.INTERRUPTED,
            "waiting for segment " + segment + " was interrupted",
            "the segment is ended all the same; look for it with status");
      }
    }
  }

  private PostgresServer connect() {
    return PostgresServer.connect(connection, APPLICATION_NAME, configuration.connectTimeout());
  }
}
