package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.health.ArchiveStatus;
import io.github.barman4j.health.LiveStatus;
import io.github.barman4j.health.StatusQuery;
import io.github.barman4j.health.StatusReport;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.wal.WalArchive;
import java.util.Optional;
import java.util.function.Supplier;

/** One look at server and archive, of which each may fail without the other. */
final class StatusRun {
  private final EngineConfiguration configuration;
  private final Storage storage;
  private final String slot;

  StatusRun(EngineConfiguration configuration, Storage storage, String slot) {
    this.configuration = configuration;
    this.storage = storage;
    this.slot = slot;
  }

  StatusReport look(Supplier<ConnectionSettings> connection) {
    Optional<ArchiveStatus> archive = Optional.empty();
    Optional<BarmanException> archiveProblem = Optional.empty();
    try {
      ServerRepository repository = storage.existing();
      archive = Optional.of(
          StatusQuery.read(repository, new Catalog(repository), new WalArchive(repository)));
    } catch (BarmanException e) {
      if (configuration.connection() == null) {
        throw e;
      }
      archiveProblem = Optional.of(e);
    }
    Optional<LiveStatus> live = Optional.empty();
    Optional<BarmanException> liveProblem = Optional.empty();
    if (configuration.connection() != null) {
      try (PostgresServer server = PostgresServer.connect(
          connection.get(), "barman_status", configuration.connectTimeout())) {
        live = Optional.of(StatusQuery.ask(server, slot));
      } catch (BarmanException e) {
        if (archive.isEmpty() || e.code() == ErrorCode.INTERRUPTED) {
          throw e;
        }
        liveProblem = Optional.of(e);
      }
    }
    return new StatusReport(configuration.server(), live, liveProblem, archive, archiveProblem);
  }
}
