package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.EventSink;
import io.github.barman4j.Secret;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Disk;
import io.github.barman4j.fault.HostTarget;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.wal.ArchiveReport;
import io.github.barman4j.wal.PartialSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The host that survives: the repository, the receiver's spool, and the engine that works on them. */
final class BackupHost implements HostTarget, AutoCloseable {
  static final String SLOT = "barman_drill";

  private static final long SLOW_BYTES_PER_SECOND = 32L << 20;

  /** At a rate at which something can happen while it runs. */
  static final BackupRequest SLOWLY = BackupRequest.defaults().limitedTo(SLOW_BYTES_PER_SECOND);

  /** What somebody takes for the passphrase who does not know it. */
  static final Secret WRONG_KEY = Secret.of("correct horse battery stable");

  private static final String SERVER = "drill";

  private final Path repository;
  private final Path spool;
  private final EngineEvents events;
  private final @Nullable Secret passphrase;
  private final @Nullable Disk disk;
  private final Path log;
  private final ReceivedWatch watch;
  private ServerConnection connection;
  private @Nullable Secret key;
  private boolean announced;
  private @Nullable BackupId doomed;
  private Engine engine;
  private Engine engineWithoutServer;
  private @Nullable RunningReceiver receiver;
  private @Nullable ReceiverProcess process;

  /**
   * @param folder where the repository and the spool are made
   * @param watch looks at the receiver as long as one runs here
   * @param passphrase of the repository, which is encrypted then; null for a plain one
   * @param disk that the folder is on, when it can be filled
   */
  BackupHost(
      Path folder,
      ServerConnection connection,
      EngineEvents events,
      ReceivedWatch watch,
      @Nullable Secret passphrase,
      @Nullable Disk disk) {
    this.watch = watch;
    this.passphrase = passphrase;
    this.disk = disk;
    this.connection = connection;
    this.key = passphrase;
    repository = folder.resolve("repository");
    spool = folder.resolve("spool");
    log = folder.resolve("receiver.log");
    this.events = events;
    engine = engineOf(connection, events);
    engineWithoutServer = recoveryEngineOf();
  }

  /** From now on with what is known now: of another server, or with another key. */
  private void reopen() {
    engine = engineOf(connection, events);
    engineWithoutServer = recoveryEngineOf();
  }

  private Engine recoveryEngineOf() {
    return Engine.open(configuration(null).withReadOnly(!announced), events);
  }

  /** The engine that backs up and verifies. */
  Engine engine() {
    return engine;
  }

  /** From now on the server to back up and to receive from is another one; a receiver that runs stays where it is. */
  void moveTo(ServerConnection other) {
    connection = other;
    reopen();
  }

  /** An engine on the same repository for any server. */
  Engine engineOf(ServerConnection server, EventSink sink) {
    return Engine.open(configuration(server), sink);
  }

  private EngineConfiguration configuration(@Nullable ServerConnection server) {
    EngineConfiguration plain =
        EngineConfiguration.of(repository, SERVER, server).withSpool(spool);
    Secret known = key;
    return known == null ? plain : plain.withPassphrase(known);
  }

  Backup backup() {
    return backup(BackupRequest.defaults());
  }

  Backup backup(BackupRequest request) {
    return engine.backup(request).backup();
  }

  /** Archives what the server's archive_command has put into a directory. */
  ArchiveReport archiveIncoming(Path directory) {
    return engine.archiveIncoming(directory);
  }

  /** What the engine says of the server and of what is stored. */
  CheckReport check() {
    return engine.check();
  }

  /** Waits until the engine warns of something, in these words. */
  Optional<Event.Warning> awaitWarning(Duration atMost, List<String> words) {
    Poll.until(Duration.ofMillis(5), atMost, () -> events.warning(words).isPresent());
    return events.warning(words);
  }

  void forgetWarnings() {
    events.forgetWarnings();
  }

  /** From now on it is no news that the server does not answer. */
  void serverBroken() {
    events.serverBroken();
  }

  /** From now on a recovery announces what it restores, as one does that is not read only. */
  void announceRestores() {
    announced = true;
    reopen();
  }

  List<BackupId> backups() {
    return engine.backups().stream().map(Backup::id).toList();
  }

  void delete(BackupId backup) {
    engine.delete(engine.planDelete(backup.value()));
  }

  /** An engine that knows no server, as on the day when there is none, and writes nothing to the repository. */
  Engine recoveryEngine() {
    return engineWithoutServer;
  }

  void startReceiver() {
    startReceiver(0);
  }

  /** The same, and a standby may read what was received last. */
  ReceivedTail startReceiverWithTail() {
    ReceivedTail tail = ReceivedTail.shared(spool);
    startReceiver(ReceivedTail.SEGMENTS);
    return tail;
  }

  private void startReceiver(int keptSegments) {
    RunningReceiver started =
        engine.startReceiver(new ReceiveRequest(SLOT, true, false).withKeptSegments(keptSegments));
    receiver = started;
    watch.observe(started::flushed);
  }

  /** What the receiver has acknowledged as durable. */
  Lsn flushed() {
    RunningReceiver running = receiver;
    if (running == null) {
      throw new IllegalStateException("there is no receiver");
    }
    return running.flushed();
  }

  /** Starts a receiver in a process of its own, which can be killed. */
  void startReceiverProcess() {
    process = ReceiverProcess.start(engine.configuration(), SLOT, log);
  }

  /** Receives until the receiver ends by itself, and throws why; it is stopped when that takes too long. */
  void receiveToItsEnd(Duration atMost) {
    try (RunningReceiver running = engine.startReceiver(new ReceiveRequest(SLOT, true, false))) {
      running.awaitEnd(atMost);
    }
  }

  /** Throws what the receiver has died of. */
  void requireReceiver() {
    ReceiverProcess other = process;
    if (other != null) {
      if (!other.isAlive()) {
        throw new BarmanException(
            ErrorCode.DRILL_FAILED, "the receiver process has ended by itself", other.said());
      }
      return;
    }
    RunningReceiver running = receiver;
    if (running == null || running.awaitEnd(Duration.ZERO)) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED, "the receiver has ended by itself", "look at its events");
    }
  }

  void stopReceiver() {
    watch.rest();
    ReceiverProcess other = process;
    if (other != null) {
      process = null;
      try (other) {
        other.stop();
      }
    }
    RunningReceiver running = receiver;
    if (running != null) {
      receiver = null;
      running.close();
    }
  }

  /** Leaves the receiver of a host that is broken to itself: whatever it still does, and says, no longer matters. */
  void abandon() {
    serverBroken();
    watch.rest();
    RunningReceiver running = receiver;
    receiver = null;
    if (running != null) {
      Thread end = new Thread(running::close, "abandoned-receiver");
      end.setUncaughtExceptionHandler(
          (thread, failure) -> events.info("the broken host's receiver ended: " + failure));
      end.setDaemon(true);
      end.start();
    }
  }

  /** The packs that lie in the repository, whatever refers to them. */
  Set<String> storedPacks() {
    try (Stream<Path> files = Files.walk(repository.resolve(SERVER).resolve("packs"))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> String.valueOf(file.getFileName()))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw failed("the packs in " + repository + " could not be looked at", e);
    }
  }

  /** What the repository looks like, but for what a recovery announces. */
  TreeFingerprint fingerprint() {
    try {
      TreeFingerprint all = TreeFingerprint.of(repository);
      return announced ? all.without(SERVER + "/locks/") : all;
    } catch (IOException e) {
      throw failed("the repository " + repository + " could not be looked at", e);
    }
  }

  /** The segments that the archive has, in order. */
  List<WalSegment> archivedSegments(WalSegmentSize size) {
    return archive().segments(size);
  }

  @Override
  public Damage loseSegment(WalSegment segment) {
    return archive().lose(segment);
  }

  @Override
  public Damage killReceiver() {
    ReceiverProcess running = process;
    if (running == null) {
      throw new IllegalStateException("there is no receiver process");
    }
    running.kill();
    return this::startReceiverProcess;
  }

  @Override
  public Damage connectElsewhere(ServerConnection other) {
    ServerConnection usual = connection;
    moveTo(other);
    return () -> moveTo(usual);
  }

  @Override
  public Damage flipBit(BackupId backup) {
    return new StoredPacks(repository.resolve(SERVER).resolve("packs")).flipBit(backup);
  }

  @Override
  public Damage fillDisk(long freeBytes) {
    Disk full = disk;
    if (full == null) {
      throw new IllegalStateException("the backup host has no disk of its own");
    }
    full.limit(full.usedBytes() + freeBytes);
    return () -> full.limit(Long.MAX_VALUE);
  }

  @Override
  public Damage loseKey() {
    return useKey(null);
  }

  @Override
  public Damage mistakeKey() {
    return useKey(WRONG_KEY);
  }

  private Damage useKey(@Nullable Secret other) {
    if (passphrase == null) {
      throw new IllegalStateException("the repository is not encrypted");
    }
    key = other;
    reopen();
    return () -> {
      key = passphrase;
      reopen();
    };
  }

  @Override
  public Damage deleteWhileRestored(BackupId backup) {
    announceRestores();
    doomed = backup;
    return () -> doomed = null;
  }

  /** The backup that somebody deletes in the middle of the next restore, which is asked for once. */
  Optional<BackupId> takeDoomed() {
    Optional<BackupId> taken = Optional.ofNullable(doomed);
    doomed = null;
    return taken;
  }

  /** The segments of which the spool has only the beginning. */
  List<PartialSegment> partialSegments(WalSegmentSize size) {
    return PartialSegment.in(spool, size).stream()
        .filter(found -> !found.whole())
        .toList();
  }

  private StoredSegments archive() {
    return new StoredSegments(repository.resolve(SERVER).resolve("wal"));
  }

  /** Puts the segments that are not complete yet out of the engine's sight, as if they had never been received. */
  Withheld withholdPartialSegments(Path elsewhere) {
    return Withheld.of(spool, "*" + PartialSegment.SUFFIX, elsewhere);
  }

  @Override
  public void close() {
    ReceiverProcess other = process;
    if (other != null) {
      process = null;
      other.close();
    }
    stopReceiver();
  }

  private static BarmanException failed(String problem, IOException cause) {
    return new BarmanException(ErrorCode.DRILL_FAILED, problem, "see the cause", cause);
  }
}
