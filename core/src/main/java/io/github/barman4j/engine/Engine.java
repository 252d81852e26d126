package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.Secret;
import io.github.barman4j.backup.BackupPlan;
import io.github.barman4j.backup.BackupReport;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.health.HealthCheck;
import io.github.barman4j.health.StatusReport;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.receive.ReceiveSettings;
import io.github.barman4j.receive.WalReceiver;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.restore.Reachability;
import io.github.barman4j.restore.Recoverability;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.RestorePlanner;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.restore.RestoreResult;
import io.github.barman4j.restore.Restorer;
import io.github.barman4j.restore.RunningRestore;
import io.github.barman4j.restore.TargetTimeline;
import io.github.barman4j.retention.BackupDeletion;
import io.github.barman4j.retention.DeletionPlan;
import io.github.barman4j.retention.DeletionReport;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.server.ServerFacts;
import io.github.barman4j.verify.HealReport;
import io.github.barman4j.verify.Healer;
import io.github.barman4j.verify.LiveFiles;
import io.github.barman4j.verify.Verifier;
import io.github.barman4j.verify.VerifyReport;
import io.github.barman4j.verify.VerifyRequest;
import io.github.barman4j.wal.ArchiveReport;
import io.github.barman4j.wal.IncomingDirectory;
import io.github.barman4j.wal.WalArchive;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What front ends call. Thread-safe: it holds its configuration and nothing else; each call opens what it needs and has closed it
 * when it returns.
 *
 * <p>Every call blocks until its work is done or has failed with a {@link BarmanException}; interrupting the thread ends it.
 */
public final class Engine {
  private final EngineConfiguration configuration;
  private final EventSink events;
  private final Storage storage;

  private Engine(EngineConfiguration configuration, EventSink events) {
    this.configuration = configuration;
    this.events = events;
    this.storage = new Storage(configuration);
  }

  /** Nothing is read, written or connected to yet. */
  public static Engine open(EngineConfiguration configuration, EventSink events) {
    return new Engine(configuration, events);
  }

  public EngineConfiguration configuration() {
    return configuration;
  }

  /** Where WAL is received: {@code barman.spool} or its default inside the repository. */
  public Path spool() {
    return storage.spool();
  }

  /** What {@link #backup} would do now. Nothing is written. */
  public BackupPlan planBackup(BackupRequest request) {
    return new BackupRun(configuration, connection(), storage, request, events).plan();
  }

  /**
   * Takes a base backup with all WAL that it needs.
   *
   * @throws BarmanException when it fails; nothing of it is visible then. Only PAGE_DAMAGED says that there is a backup: it is in the
   *     catalog, marked as damaged, and its pages are as bad as those on the server's disk
   */
  public BackupReport backup(BackupRequest request) {
    return new BackupRun(configuration, connection(), storage, request, events).take();
  }

  /** What the catalog has of the server, damaged entries included. */
  public CatalogEntries catalog() {
    return new Catalog(storage.existing()).entries();
  }

  /**
   * All backups of the server, oldest first, for who must not miss one.
   *
   * @throws io.github.barman4j.IntegrityException when an entry is damaged; {@link #catalog} shows the others
   */
  public List<Backup> backups() {
    return new Catalog(storage.existing()).list();
  }

  /** @param selector an id, the beginning of one, a name, {@code latest} or {@code oldest} */
  public Backup backup(String selector) {
    return new Catalog(storage.existing()).find(selector);
  }

  /**
   * Tells what belongs to a backup, one after the other, sorted by path, WAL last.
   *
   * @param selector as for {@link #backup(String)}
   */
  public Backup files(String selector, FileScope scope, Consumer<ListedFile> consumer) {
    ServerRepository repository = storage.existing();
    Backup backup = new Catalog(repository).find(selector);
    new FileListing(repository, backup).each(scope, consumer);
    return backup;
  }

  /**
   * Makes sure that {@link #switchWal} would be done. Nothing is changed.
   *
   * @throws BarmanException PERMISSION_MISSING, PRECONDITION_FAILED, WAL_LEVEL_TOO_LOW
   */
  public void checkSwitchWal(SwitchWalRequest request) {
    new WalSwitchRun(configuration, connection(), storage, request).check();
  }

  /**
   * Makes a restore point, ends the segment that the server writes, and waits for it to be archived if that is asked for.
   *
   * @throws BarmanException WAL_NOT_ARCHIVED when it is not there in time; the switch has happened all the same
   */
  public SwitchWalReport switchWal(SwitchWalRequest request) {
    return new WalSwitchRun(configuration, connection(), storage, request).run();
  }

  /**
   * What is known of the server and of its archive. Without a {@link EngineConfiguration#connection()} the archive alone.
   *
   * @param slot the receiver's
   * @throws BarmanException when neither can be looked at
   */
  public StatusReport status(String slot) {
    return new StatusRun(configuration, storage, slot).look(this::connection);
  }

  /**
   * What {@link #delete} would do now. Nothing is written.
   *
   * @param selector an id, the beginning of one, a name, {@code latest} or {@code oldest}; the whole id of a backup whose catalog entry is
   *     damaged
   */
  public DeletionPlan planDelete(String selector) {
    return deletion(storage.existing()).plan(selector);
  }

  /**
   * Deletes a backup and what only it needs. What goes with it is decided again under the lock.
   *
   * @throws BarmanException REPOSITORY_LOCKED when a backup or deletion runs or somebody reads the backup, BACKUP_UNKNOWN when it is gone
   */
  public DeletionReport delete(DeletionPlan plan) {
    return deletion(storage.writable()).execute(plan);
  }

  private BackupDeletion deletion(ServerRepository repository) {
    return new BackupDeletion(
        repository, new Catalog(repository), new WalArchive(repository), events);
  }

  /** What {@link #restore} would do: a target that cannot be reached is refused here. */
  public RestorePlan planRestore(RestoreRequest request) {
    return planner(storage.existing()).plan(request);
  }

  /** Every moment that can be reached, per timeline. Nothing is written. */
  public Recoverability recoverable() {
    return planner(storage.existing()).recoverable();
  }

  /** Whether one target can be reached without naming a backup, and how; or what is nearest. Nothing is written. */
  public Reachability recoverable(RecoveryTarget target, TargetTimeline timeline) {
    return planner(storage.existing()).recoverable(target, timeline);
  }

  /** Brings a data directory back; returns when all files and all WAL lie there, durably. */
  public RestoreResult restore(RestoreRequest request) {
    return restore(planRestore(request), request);
  }

  /** The same by a plan that {@link #planRestore} made for this request. */
  public RestoreResult restore(RestorePlan plan, RestoreRequest request) {
    return restorer().execute(plan, request);
  }

  /**
   * Returns when the base is there and PostgreSQL can be started, while the WAL still comes. The caller joins or closes what it
   * gets.
   */
  public RunningRestore startRestore(RestorePlan plan, RestoreRequest request) {
    return restorer().start(plan, request);
  }

  /**
   * Starts to receive WAL on a thread of its own. What is wrong from the beginning comes out of {@link
   * RunningReceiver#awaitEnd}.
   *
   * @throws BarmanException INVALID_CONFIGURATION when plain segments are to be kept beside an encrypted repository
   */
  public RunningReceiver startReceiver(ReceiveRequest request) {
    if (request.keptSegments() > 0 && configuration.passphrase() != null) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "segments cannot be kept for standbys beside an encrypted repository: they would be plain",
          "leave out barman.receive.keepSegments");
    }
    ConnectionSettings connection = connection();
    if (request.synchronous()) {
      SynchronousStandby.require(connection, request.slot(), configuration.connectTimeout());
    }
    WalArchive archive = new WalArchive(storage.existingOrNew());
    ReceiveSettings settings = ReceiveSettings.of(connection, request.slot(), storage.spool())
        .withCreateSlot(request.createSlot())
        .withConnectTimeout(configuration.connectTimeout())
        .withKeptSegments(request.keptSegments());
    return new RunningReceiver(new WalReceiver(settings, archive, events), settings).start();
  }

  /**
   * Archives what the server's archive_command has put into a directory, and removes what is archived from it.
   *
   * @throws BarmanException when the repository cannot be written or the directory not be read; files that must not be used are no
   *     failure, the report names them
   */
  public ArchiveReport archiveIncoming(Path directory) {
    WalArchive archive = new WalArchive(storage.existingOrNew());
    return new IncomingDirectory(archive, directory, events).archive();
  }

  /**
   * Replaces the passphrase of an encrypted repository; no backup is written anew. The configuration's passphrase is the old one.
   *
   * @throws BarmanException INVALID_VALUE for an empty one, ENCRYPTION_NOT_USED when the repository is not encrypted
   */
  public void changePassphrase(Secret newOne) {
    if (newOne.reveal().isBlank()) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE, "the new passphrase is empty", "choose a long text");
    }
    storage.changePassphrase(newOne);
  }

  /** Like {@link #check(String)} with the receiver's usual slot. */
  public CheckReport check() {
    return check(ReceiveRequest.DEFAULT_SLOT);
  }

  /**
   * Looks at the server and at the repository; nothing is changed.
   *
   * @param slot the receiver's
   */
  public CheckReport check(String slot) {
    HealthCheck health = new HealthCheck();
    Optional<ServerRepository> repository = Optional.empty();
    try {
      ServerRepository found = storage.existing();
      repository = Optional.of(found);
    } catch (BarmanException e) {
      health.noRepository(e);
    }
    try (PostgresServer server =
        PostgresServer.connect(connection(), "barman_check", configuration.connectTimeout())) {
      health.server(server, repository, slot);
    } catch (BarmanException e) {
      health.unreachable(e);
    }
    repository.ifPresent(
        found -> health.repository(found, new Catalog(found), new WalArchive(found)));
    return health.report(configuration.server());
  }

  /**
   * Reads backups and the log that they need to the last byte. What is damaged is in the report, and noted beside the backups unless the
   * request or the configuration forbids it.
   */
  public VerifyReport verify(VerifyRequest request) {
    VerifyRequest allowed = configuration.readOnly() ? request.withoutMarks() : request;
    return new Verifier(storage.existing(), configuration.jobs(), events, InstantSource.system())
        .verify(allowed);
  }

  /**
   * Brings damaged blocks of a backup back, from other backups and, where a server is configured, from its files, as far as they have not
   * changed; then verifies the backup.
   *
   * @param selector as in {@link #backup(String)}
   */
  public HealReport heal(String selector) {
    ServerRepository repository = storage.existing();
    if (configuration.connection() == null) {
      return healer(repository, LiveFiles.NONE).heal(selector);
    }
    try (PostgresServer server =
        PostgresServer.connect(connection(), "barman_heal", configuration.connectTimeout())) {
      ServerFacts facts = server.facts();
      repository.claim(facts.systemIdentifier().value(), facts.version().major());
      return healer(repository, server::readFile).heal(selector);
    }
  }

  private Healer healer(ServerRepository repository, LiveFiles live) {
    return new Healer(repository, live, configuration.jobs(), events, InstantSource.system());
  }

  private Restorer restorer() {
    ServerRepository repository = storage.existing();
    return new Restorer(
        repository,
        new WalArchive(repository),
        planner(repository),
        configuration.jobs(),
        events,
        InstantSource.system());
  }

  private RestorePlanner planner(ServerRepository repository) {
    return new RestorePlanner(new Catalog(repository), new WalArchive(repository), storage.spool());
  }

  private ConnectionSettings connection() {
    ServerConnection connection = configuration.connection();
    if (connection == null) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "no server is named",
          "set barman.url to jdbc:postgresql://host:port/database");
    }
    return ConnectionSettings.of(connection.url(), connection.user(), connection.password());
  }
}
