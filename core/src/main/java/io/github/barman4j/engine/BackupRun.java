package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.backup.BackupJob;
import io.github.barman4j.backup.BackupPlan;
import io.github.barman4j.backup.BackupReport;
import io.github.barman4j.backup.BaseBackupTaker;
import io.github.barman4j.backup.WalSupply;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
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
import io.github.barman4j.verify.Healer;
import io.github.barman4j.verify.LiveFiles;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalGap;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** One backup by the streaming method, from the connection to the catalog entry. Used once. */
final class BackupRun {
  private static final int NAMED_FILES = 5;
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
        BackupReport report = takeOnce();
        requireGoodPages(report);
        return report;
      } catch (BarmanException e) {
        if (attempt > request.retryTimes() || !isWorthRepeating(e.code())) {
          throw e;
        }
        events.warn(
            "attempt " + attempt + " failed: " + e.problem(),
            "it is repeated in " + request.retrySleep().toSeconds() + " s. " + e.hint());
        LockSupport.parkNanos(request.retrySleep().toNanos());
      }
    }
  }

  private static boolean isWorthRepeating(ErrorCode code) {
    return code != ErrorCode.INTERRUPTED && code != ErrorCode.PAGE_DAMAGED;
  }

  /** The backup is in the catalog, with its mark; that it is bad cannot be overlooked all the same. */
  private static void requireGoodPages(BackupReport report) {
    if (report.damaged().isEmpty()) {
      return;
    }
    String named = report.damaged().stream()
        .limit(NAMED_FILES)
        .map(
            file -> (file.relation().isEmpty() ? file.path() : file.relation() + ", " + file.path())
                + ", block" + (file.blocks().size() == 1 ? " " : "s ")
                + file.blocks().stream()
                    .limit(NAMED_FILES)
                    .map(String::valueOf)
                    .collect(Collectors.joining(", "))
                + ": " + file.problem())
        .collect(Collectors.joining("; "));
    throw new BarmanException(
        ErrorCode.PAGE_DAMAGED,
        "backup " + report.backup().id() + " is kept and marked as damaged: the server has "
            + "damaged pages in " + report.damaged().size() + " files: " + named,
        "look at the server's disk now. A restore takes an earlier backup and the log since then, which brings the pages back");
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
        BackupReport report = take(taker, job, plan, server, facts, repository);
        plan.parent().ifPresent(parent -> healParent(repository, report.backup(), parent));
        return report;
      }
    }
  }

  /** The blocks of a damaged parent that were stored anew are those that it lost. */
  private void healParent(ServerRepository repository, Backup taken, Backup parent) {
    try {
      if (!new Catalog(repository).isDamaged(parent.id())) {
        return;
      }
      long healed = new Healer(
              repository, LiveFiles.NONE, configuration.jobs(), events, InstantSource.system())
          .healFrom(taken, parent);
      if (healed > 0) {
        events.info(healed + " damaged blocks of backup " + parent.id()
            + " were healed with what this backup has; verify it to take the mark away");
      }
    } catch (IntegrityException e) {
      events.warn(e.problem(), e.hint());
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
            server.settings(), APPLICATION_NAME, configuration.connectTimeout())) {
      int process = replication.process();
      try (PageSource source = new StreamPageSource(
          replication, streamSettings(job), events, () -> server.requireSession(process))) {
        return taker.take(job, plan, source, supply);
      } catch (RuntimeException e) {
        endSession(server, process, e);
        throw e;
      }
    }
  }

  /** So that the server leaves its backup mode at once, whatever it is doing. */
  private static void endSession(PostgresServer server, int process, RuntimeException failure) {
    try {
      server.endSession(process);
    } catch (BarmanException e) {
      failure.addSuppressed(e);
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
      case OWN_STREAM -> WalSupply.fromStream(stream(server, facts, archive), job.waitTimeout());
    };
  }

  private BackupWalStream stream(PostgresServer server, ServerFacts facts, WalArchive archive) {
    BackupWalStream stream = BackupWalStream.open(
        server.settings(),
        archive,
        storage.backupSpool(),
        facts.systemIdentifier(),
        facts.walSegmentSize(),
        events);
    try {
      recordGapBefore(stream.firstSegment(), archive);
      return stream;
    } catch (RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  /** Where only backups bring log, none comes between them; that nothing of it is missing, a verification could not know later. */
  private static void recordGapBefore(WalSegment first, WalArchive archive) {
    TimelineHistory path = archive.historyOf(first.timeline());
    archive.segments().stream()
        .filter(stored -> path.contains(stored.timeline()) && stored.number() < first.number())
        .map(WalSegment::end)
        .max(Lsn::compareTo)
        .filter(end -> end.isBefore(first.start()))
        .ifPresent(end -> archive.recordGap(new WalGap(
            first.timeline(),
            end,
            first.start(),
            first.size(),
            Instant.now().truncatedTo(ChronoUnit.MICROS),
            "no receiver ran between two backups")));
  }

  private PostgresServer connect() {
    return PostgresServer.connect(connection, APPLICATION_NAME, configuration.connectTimeout());
  }

  private static ServerFacts ready(PostgresServer server) {
    List<Finding> findings = server.preconditions();
    Finding.requireAll(findings, server.settings().hostAndPort());
    return server.facts();
  }

  private BackupJob job(PostgresServer server) {
    BackupId id = BackupId.after(storage.newest(), server.clock(), new SecureRandom());
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
