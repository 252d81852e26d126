package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.backup.BackupJob;
import io.github.barman4j.backup.BackupPlan;
import io.github.barman4j.backup.BackupReport;
import io.github.barman4j.backup.BaseBackupTaker;
import io.github.barman4j.backup.WalSupply;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.receive.BackupWalStream;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.server.Finding;
import io.github.barman4j.server.PageSource;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.server.ServerFacts;
import io.github.barman4j.server.StreamPageSource;
import io.github.barman4j.server.StreamSettings;
import io.github.barman4j.wal.WalArchive;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One backup by the streaming method, from the connection to the catalog entry. Used once. */
final class BackupRun {
  private static final String METHOD = "stream";
  private static final String APPLICATION_NAME = "barman_backup";

  private final EngineConfiguration configuration;
  private final ConnectionSettings connection;
  private final Storage storage;
  private final BackupRequest request;
  private final EventSink events;

  BackupRun(
      EngineConfiguration configuration,
      ConnectionSettings connection,
      Storage storage,
      BackupRequest request,
      EventSink events) {
    this.configuration = configuration;
    this.connection = connection;
    this.storage = storage;
    this.request = request;
    this.events = events;
  }

  BackupPlan plan() {
    try (PostgresServer server = connect()) {
      ServerFacts facts = ready(server);
      return BackupPlan.decide(job(server), storage.known(), facts, storage.receiverRuns());
    }
  }

  BackupReport take() {
    for (int attempt = 1; ; attempt++) {
      try {
        return takeOnce();
      } catch (BarmanException e) {
        if (attempt > request.retryTimes() || e.code() == ErrorCode.INTERRUPTED) {
          throw e;
        }
        events.warn(
            "attempt " + attempt + " failed: " + e.problem(),
            "it is repeated in " + request.retrySleep().toSeconds() + " s. " + e.hint());
        LockSupport.parkNanos(request.retrySleep().toNanos());
      }
    }
  }

  private BackupReport takeOnce() {
    try (PostgresServer server = connect()) {
      ServerFacts facts = ready(server);
      ServerRepository repository = storage.existingOrNew(compression());
      repository.claim(facts.systemIdentifier().value(), facts.version().major());
      try (RepositoryLock lock = repository.lock(ServerRepository.BACKUP);
          TaskGroup workers =
              TaskGroup.of("backup", configuration.jobs(), 2 * configuration.jobs())) {
        BackupJob job = job(server);
        BaseBackupTaker taker =
            new BaseBackupTaker(server, repository, new Catalog(repository), workers, events);
        BackupPlan plan = taker.plan(job);
        plan.reasons().forEach(events::info);
        return take(taker, job, plan, server, facts, repository);
      }
    }
  }

  private BackupReport take(
      BaseBackupTaker taker,
      BackupJob job,
      BackupPlan plan,
      PostgresServer server,
      ServerFacts facts,
      ServerRepository repository) {
    try (WalSupply supply = supply(plan, job, server, facts, repository);
        ReplicationConnection replication = ReplicationConnection.open(
            server.settings(), APPLICATION_NAME, configuration.connectTimeout());
        PageSource source = new StreamPageSource(replication, streamSettings(job), events)) {
      return taker.take(job, plan, source, supply);
    }
  }

  private WalSupply supply(
      BackupPlan plan,
      BackupJob job,
      PostgresServer server,
      ServerFacts facts,
      ServerRepository repository) {
    WalArchive archive = new WalArchive(repository);
    return switch (plan.walSource()) {
      case RECEIVER ->
        WalSupply.fromReceiver(repository, archive, facts.walSegmentSize(), job.waitTimeout());
      case OWN_STREAM ->
        WalSupply.fromStream(
            BackupWalStream.open(
                server.settings(),
                archive,
                storage.backupSpool(),
                facts.systemIdentifier(),
                facts.walSegmentSize(),
                events),
            job.waitTimeout());
    };
  }

  private PostgresServer connect() {
    return PostgresServer.connect(connection, APPLICATION_NAME, configuration.connectTimeout());
  }

  private static ServerFacts ready(PostgresServer server) {
    List<Finding> findings = server.preconditions();
    Finding.requireAll(findings);
    return server.facts();
  }

  private BackupJob job(PostgresServer server) {
    BackupId id = BackupId.at(server.clock(), new SecureRandom());
    return new BackupJob(
        id,
        request.name(),
        compression().toString(),
        request.fresh(),
        request.waitTimeout(),
        METHOD);
  }

  private Compression compression() {
    return switch (request.compression()) {
      case ZSTD -> new Compression.Zstd(request.compressionLevel());
      case NONE -> new Compression.None();
    };
  }

  private StreamSettings streamSettings(BackupJob job) {
    int maxRateKiB = (int) (request.maxRateBytes().orElse(0) >> 10);
    return new StreamSettings(
        "barman " + job.id(),
        request.immediateCheckpoint(),
        io.github.barman4j.server.WireCompression.valueOf(
            request.wireCompression().name()),
        maxRateKiB);
  }
}
