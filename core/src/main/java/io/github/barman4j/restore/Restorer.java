package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.EventSink;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.wal.WalArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries out a plan. Needs no live server. Thread-safe; each restore has threads of its own.
 *
 * <p>Everything that can be refused is refused before the directory is touched. Then the base and the WAL are brought at the same time,
 * and pg_control gets its name last of all. A backup that turns out to be damaged is replaced by the next older one that serves, unless
 * the user named it; that is said as a warning and in the result. Until a restore is joined or closed, its backup is announced as being
 * read, so that nobody deletes it.
 */
public final class Restorer {
  private final ServerRepository repository;
  private final WalArchive archive;
  private final RestorePlanner planner;
  private final int jobs;
  private final EventSink events;
  private final InstantSource clock;

  /**
   * @param planner makes another plan when a backup turns out to be damaged
   * @param jobs how many files are written at once, and as many WAL segments; at least 1
   */
  public Restorer(
      ServerRepository repository,
      WalArchive archive,
      RestorePlanner planner,
      int jobs,
      EventSink events,
      InstantSource clock) {
    this.repository = repository;
    this.archive = archive;
    this.planner = planner;
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

  /**
   * Refuses what {@link #execute} would refuse before it writes anything: for a dry run.
   *
   * @throws BarmanException RESTORE_DIRECTORY_*, TABLESPACE_NOT_MAPPED, RESTORE_OWNER, RESTORE_SPACE
   */
  public void check(RestorePlan plan, RestoreRequest request) {
    try {
      Preparation.of(plan, request, repository);
    } catch (IOException e) {
      throw failed(plan, request, e);
    }
  }

  private RunningRestore begin(RestorePlan wanted, RestoreRequest request, boolean early) {
    long beganNanos = System.nanoTime();
    Fallback fallback = new Fallback(wanted, request, planner, events);
    while (true) {
      RestorePlan plan = fallback.plan();
      try {
        return attempt(plan, request, early, fallback, beganNanos);
      } catch (IntegrityException e) {
        fallback.next(e);
      } catch (IOException e) {
        throw failed(plan, request, e);
      }
    }
  }

  private RunningRestore attempt(
      RestorePlan plan, RestoreRequest request, boolean early, Fallback fallback, long beganNanos)
      throws IOException {
    RepositoryLock use = repository.use(plan.backup().id().value());
    boolean handedOver = false;
    try {
      RunningRestore running = attempt(plan, request, early, fallback, beganNanos, use);
      handedOver = true;
      return running;
    } finally {
      if (!handedOver) {
        use.close();
      }
    }
  }

  private RunningRestore attempt(
      RestorePlan plan,
      RestoreRequest request,
      boolean early,
      Fallback fallback,
      long beganNanos,
      RepositoryLock use)
      throws IOException {
    Preparation prepared = Preparation.of(plan, request, repository);
    warnOfBarrier(prepared.owner(), request.directory());
    tell(prepared.occupant(), request.directory(), fallback.hasBegun());
    Occupant found = fallback.found(prepared.occupant());
    DataDirectory directory = new DataDirectory(
        request.directory(), prepared.tablespaces(), prepared.owner(), prepared.groupAccess());
    directory.create();
    RestoreMarker marker = RestoreMarker.place(request.directory(), plan.backup(), clock.instant());
    Sweep sweep = new Sweep(prepared.reader(), directory);
    sweep.run();
    WalSpool spool = spool(plan, request, prepared.owner());
    WalFiller filler = WalFiller.start(spool, plan, archive, jobs, events);
    try {
      BaseCopy base = new BaseCopy(prepared.reader(), directory, jobs, events);
      base.run(filler::requireHealthy);
      List<String> changes = new ArrayList<>(sweep.notes());
      changes.addAll(new RestoredConfiguration(directory, prepared.reader(), plan.backup())
          .write(plan, request, prepared.limits()));
      marker.writeControlFile(prepared.controlFile(), prepared.owner());
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
          use,
          walPhase -> new RestoreResult(
              plan.backup().id(),
              plan.timeline(),
              request.directory(),
              plan.target().describe(),
              basePhase,
              walPhase,
              Duration.ofNanos(System.nanoTime() - beganNanos),
              delta(found, base, sweep),
              fallback.sentences(),
              changes,
              NextSteps.of(plan, request, prepared.owner())));
    } catch (IOException | RuntimeException e) {
      closeAfter(e, filler);
      throw e;
    }
  }

  private static WalSpool spool(RestorePlan plan, RestoreRequest request, FileOwner owner)
      throws IOException {
    return request.standby()
        ? WalSpool.forStandby(request.directory(), WalFiller.names(plan), plan.begun(), owner)
        : WalSpool.create(request.directory(), WalFiller.names(plan), owner);
  }

  private void tell(Occupant occupant, Path directory, boolean ownDoing) {
    if (ownDoing) {
      events.info("what was written into " + directory
          + " already is compared, and kept where the other backup has the same");
    } else if (occupant instanceof Occupant.Unfinished unfinished) {
      events.warn(
          "the restore into " + directory + " was interrupted (" + unfinished.mark()
              + "); it goes on now",
          "nothing is to be done: what is there already is compared and kept where it is right.");
    } else if (occupant instanceof Occupant.Cluster) {
      events.info("the cluster in " + directory + " is overwritten where it differs");
    }
  }

  private static Optional<RestoreResult.Delta> delta(
      Occupant occupant, BaseCopy base, Sweep sweep) {
    return occupant.isAnything()
        ? Optional.of(new RestoreResult.Delta(
            occupant instanceof Occupant.Unfinished,
            base.copy().blocksKept(),
            base.copy().blocksWritten(),
            sweep.removed()))
        : Optional.empty();
  }

  private static BarmanException failed(RestorePlan plan, RestoreRequest request, IOException e) {
    return new BarmanException(
        ErrorCode.RESTORE_FAILED,
        "the restore of backup " + plan.backup().id() + " into " + request.directory() + " failed: "
            + e,
        "check the space and the permissions there and restore again: the restore goes on where it stopped.",
        e);
  }

  private static void closeAfter(Exception failure, WalFiller filler) {
    try {
      filler.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
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
