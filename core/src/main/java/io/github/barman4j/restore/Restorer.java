package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.EventSink;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.wal.WalArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Carries out a plan. Needs no live server. Thread-safe; each restore has threads of its own.
 *
 * <p>Everything that can be refused is refused before the directory is touched. Then the base and the WAL are brought at the same time,
 * and pg_control gets its name last of all.
 */
public final class Restorer {
  private final ServerRepository repository;
  private final WalArchive archive;
  private final int jobs;
  private final EventSink events;
  private final InstantSource clock;

  /** @param jobs how many files are written at once, and as many WAL segments; at least 1 */
  public Restorer(
      ServerRepository repository,
      WalArchive archive,
      int jobs,
      EventSink events,
      InstantSource clock) {
    this.repository = repository;
    this.archive = archive;
    this.jobs = jobs;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Restores everything. When it returns, PostgreSQL can be started and needs nothing of us any more.
   *
   * @throws BarmanException before anything is written: RESTORE_DIRECTORY_*, TABLESPACE_NOT_MAPPED, RESTORE_OWNER, RESTORE_SPACE;
   *     later RESTORE_FAILED, or an IntegrityException when something stored is damaged; the directory is left marked as unfinished
   *     then, and PostgreSQL does not start on it
   */
  public RestoreResult execute(RestorePlan plan, RestoreRequest request) {
    try (RunningRestore running = begin(plan, request, false)) {
      return running.join();
    }
  }

  /**
   * Restores the base, and returns while the WAL is still being brought: PostgreSQL can be started at once and waits for what it needs.
   * The caller joins or closes what it gets; closing it earlier makes that server stop with FATAL.
   */
  public RunningRestore start(RestorePlan plan, RestoreRequest request) {
    return begin(plan, request, true);
  }

  private RunningRestore begin(RestorePlan plan, RestoreRequest request, boolean early) {
    long beganNanos = System.nanoTime();
    Path root = request.directory();
    try {
      DirectoryCheck.dataDirectory(root);
      TablespaceMap tablespaces = TablespaceMap.of(plan.backup(), request.tablespaces(), root);
      tablespaces.check();
      FileOwner owner =
          FileOwner.of(DirectoryCheck.existing(root), request.owner().orElse(null));
      BackupReader reader =
          repository.openBackup(plan.backup().id().value(), plan.backup().manifestHash());
      SpaceCheck.run(reader, root, tablespaces, plan.walBytes());
      byte[] control = controlFile(reader, plan);
      ControlFile parsed = RestoredConfiguration.controlFile(control, plan.backup());
      warnOfBarrier(owner, root);

      DataDirectory directory = new DataDirectory(root, tablespaces, owner, hasGroupAccess(reader));
      directory.create();
      RestoreMarker marker = RestoreMarker.place(root, plan.backup().id(), clock.instant());
      WalSpool spool = WalSpool.create(root, WalFiller.names(plan), owner);
      WalFiller filler = WalFiller.start(spool, plan, archive, jobs, events);
      try {
        BaseCopy base = new BaseCopy(reader, directory, jobs, events);
        base.run();
        List<String> changes = new RestoredConfiguration(directory, reader, plan.backup())
            .write(plan, request, parsed);
        marker.writeControlFile(control, owner);
        directory.syncRoots();
        if (early) {
          marker.remove();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
        events.accept(new Event.Step("base", took));
        RestoreResult.Phase basePhase = new RestoreResult.Phase(took, base.bytes(), base.files());
        return new BackgroundRestore(
            filler,
            early ? null : marker,
            walPhase -> new RestoreResult(
                plan.backup().id(),
                plan.timeline(),
                root,
                plan.target().describe(),
                basePhase,
                walPhase,
                Duration.ofNanos(System.nanoTime() - beganNanos),
                changes,
                NextSteps.of(plan, request, owner)));
      } catch (IOException | RuntimeException e) {
        closeAfter(e, filler);
        throw e;
      }
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.RESTORE_FAILED,
          "the restore of backup " + plan.backup().id() + " into " + root + " failed: " + e,
          "check the space and the permissions there, empty the directory and restore again.",
          e);
    }
  }

  private static void closeAfter(Exception failure, WalFiller filler) {
    try {
      filler.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private byte[] controlFile(BackupReader reader, RestorePlan plan) {
    return reader
        .find(ControlFile.PATH)
        .filter(FileEntry.class::isInstance)
        .map(entry -> reader.readAll((FileEntry) entry))
        .orElseThrow(() -> new BarmanException(
            ErrorCode.REPOSITORY_DAMAGED,
            "backup " + plan.backup().id() + " has no " + ControlFile.PATH,
            "restore another backup."));
  }

  /** Whether the cluster was made with access for the group: then its version file is readable for it. */
  private static boolean hasGroupAccess(BackupReader reader) {
    return reader
        .find("PG_VERSION")
        .map(entry -> entry instanceof FileEntry file && (file.mode() & 0040) != 0)
        .orElse(false);
  }

  private void warnOfBarrier(FileOwner owner, Path root) throws IOException {
    owner
        .barrier(root)
        .ifPresent(barrier -> events.warn(
            "user " + owner.name().orElse("") + " may not pass through " + barrier
                + ", so PostgreSQL will not reach " + root,
            "allow it with chmod o+x, or restore into another directory."));
  }
}
