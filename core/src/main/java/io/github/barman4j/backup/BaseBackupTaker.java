package io.github.barman4j.backup;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.Progress;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.catalog.DamagedFile;
import io.github.barman4j.catalog.Mark;
import io.github.barman4j.catalog.PackUse;
import io.github.barman4j.postgres.Page;
import io.github.barman4j.repository.BackupContents;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.BackupWriter;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.server.BackupStart;
import io.github.barman4j.server.BackupStop;
import io.github.barman4j.server.PageLayout;
import io.github.barman4j.server.PageSource;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.server.ServerFacts;
import io.github.barman4j.server.SourceTablespace;
import io.github.barman4j.server.StoredConfiguration;
import io.github.barman4j.wal.SuspectPages;
import io.github.barman4j.wal.WalArchive;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes base backups of one server into one repository; the order of the steps is this package's promise.
 *
 * <p>{@link #take} blocks until the backup is in the catalog or has failed. The caller holds the server's lock {@code backup}
 * all the while. Not thread-safe.
 */
public final class BaseBackupTaker {
  private final PostgresServer server;
  private final ServerFacts facts;
  private final ServerRepository repository;
  private final Catalog catalog;
  private final TaskGroup workers;
  private final EventSink events;

  public BaseBackupTaker(
      PostgresServer server,
      ServerRepository repository,
      Catalog catalog,
      TaskGroup workers,
      EventSink events) {
    this.server = server;
    this.facts = server.facts();
    this.repository = repository;
    this.catalog = catalog;
    this.workers = workers;
    this.events = events;
  }

  /** What {@link #take} would do now. */
  public BackupPlan plan(BackupJob job) {
    CatalogEntries earlier = catalog.entries();
    job.requireNewName(earlier.backups());
    earlier
        .damaged()
        .forEach(
            entry -> events.warn(entry.describe() + "; nothing is compared with it", entry.hint()));
    return BackupPlan.decide(job, earlier, facts, repository.isLocked(ServerRepository.RECEIVE));
  }

  /**
   * @param source not started; the caller closes it
   * @param supply begun before the source is started, so that no WAL is missing; the caller closes it
   * @throws BarmanException when anything fails; nothing of the backup can be seen then
   */
  public BackupReport take(BackupJob job, BackupPlan decided, PageSource source, WalSupply supply) {
    BackupReader parent = decided.parent().map(this::open).orElse(null);
    BackupPlan plan = parent == null ? decided.withoutParent() : decided;
    PhaseClock clock = new PhaseClock(System::nanoTime, events);
    Instant startedAt = server.clock();
    Copied copied;
    try (BackupWriter writer = repository.newBackup(
        job.id().value(), parent, mostlyDead(plan), workers, repository.compression())) {
      copied = copy(source, supply, writer, clock);
      tellDamage(writer);
    }
    try {
      supply.awaitArchived(
          copied.start().timeline(), copied.start().lsn(), copied.stop().lsn());
      clock.ended("wal");
      List<DamagedFile> damaged = damagedPages(copied);
      Backup backup = describe(job, plan, startedAt, copied, clock);
      if (damaged.isEmpty()) {
        catalog.commit(backup);
      } else {
        catalog.commitDamaged(backup, new Mark.Damaged(copied.finishedAt(), "backup", damaged));
      }
      confirm(job);
      clock.ended("catalog");
      return new BackupReport(backup, damaged, clock.phases());
    } catch (RuntimeException e) {
      discard(job, e);
      throw e;
    }
  }

  /** The backup exists already: a mark that stays is no failure of it. */
  private void confirm(BackupJob job) {
    try {
      repository.confirmBackup(job.id().value());
    } catch (BarmanException e) {
      events.warn(
          "backup " + job.id() + " is complete, but its mark as unfinished could not be removed: "
              + e.problem(),
          "the next backup removes it. " + e.hint());
    }
  }

  /** What the copy has brought, durable when it exists. */
  private record Copied(
      BackupStart start,
      BackupStop stop,
      Instant finishedAt,
      StoredConfiguration configuration,
      BackupContents contents,
      @Nullable SuspectPages suspects) {}

  private List<DamagedFile> damagedPages(Copied copied) {
    SuspectPages suspects = copied.suspects();
    if (suspects == null || suspects.isEmpty()) {
      return List.of();
    }
    List<SuspectPages.Suspect> damaged = suspects.damaged(
        new WalArchive(repository),
        copied.start().timeline(),
        copied.start().lsn(),
        copied.stop().lsn(),
        facts.walSegmentSize());
    return DamagedPages.name(damaged, suspects.notListed(), server, events);
  }

  /** Null when the server's pages are of a size that cannot be judged. */
  private @Nullable SuspectPages suspects() {
    PageLayout layout = server.pageLayout();
    if (layout.pageBytes() == Page.SIZE) {
      return new SuspectPages(facts.dataChecksums(), layout.segmentPages());
    }
    events.warn(
        "the server has pages of " + layout.pageBytes() + " bytes: they are stored and not judged",
        "check them on the server, with pg_amcheck for example");
    return null;
  }

  private Copied copy(PageSource source, WalSupply supply, BackupWriter writer, PhaseClock clock) {
    BackupStart start = source.start();
    clock.ended("checkpoint");
    SuspectPages suspects = suspects();
    try (Progress progress = Progress.of(events, "copy", start.estimatedBytes())) {
      source.read(
          new CopyVisitor(writer, progress, supply, suspects, new ControlFileCopy(server, events)));
    }
    BackupStop stop = source.stop();
    Instant finishedAt = server.clock();
    requireOneTimeline(start, stop);
    StoredConfiguration configuration = server.configuration(events);
    configuration.contents().forEach(writer::configuration);
    clock.ended("copy");
    BackupContents contents = writer.finish();
    clock.ended("sync");
    return new Copied(start, stop, finishedAt, configuration, contents, suspects);
  }

  /** Removes what was stored, unless the entry became visible in spite of the failure. */
  private void discard(BackupJob job, RuntimeException failure) {
    try {
      if (!catalog.ids().contains(job.id())) {
        repository.discardBackup(job.id().value());
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** The parent without what is known to be damaged in it; null when it cannot be read. */
  private @Nullable BackupReader open(Backup parent) {
    try {
      BackupReader reader = repository.openBackup(parent.id().value(), parent.manifestHash());
      Set<String> damaged =
          catalog.damage(parent.id()).stream().map(DamagedFile::path).collect(Collectors.toSet());
      if (damaged.stream().anyMatch(BaseBackupTaker::concernsEverything)) {
        events.warn(
            "backup " + parent.id() + " is damaged in more than its files",
            "every block is stored anew");
        return null;
      }
      if (!damaged.isEmpty()) {
        events.warn(
            "backup " + parent.id() + " is damaged",
            damaged.size() + " of its files are stored anew; what is the same heals it");
      }
      return reader.without(damaged);
    } catch (IntegrityException e) {
      events.warn(e.problem(), "every block is stored anew");
      return null;
    }
  }

  /** Packs of the parent that are to go with the backups that need them: what is in them is copied forward. */
  private Set<String> mostlyDead(BackupPlan plan) {
    return plan.parent()
        .map(parent ->
            PackUse.mostlyDead(parent, catalog.entries().backups(), repository::plainBytesOf))
        .orElse(Set.of());
  }

  /** Damage to an object of the repository that many files depend on. */
  private static boolean concernsEverything(String path) {
    return path.startsWith("manifests/") || path.startsWith("packs/");
  }

  private void tellDamage(BackupWriter writer) {
    for (IntegrityException damage : writer.parentDamage()) {
      events.warn(damage.problem(), "verify the parent; what it concerns was stored anew");
    }
  }

  /** A standby that is promoted in the middle of a backup makes it useless (manual, 54.4: a backup has one timeline). */
  private static void requireOneTimeline(BackupStart start, BackupStop stop) {
    if (!start.timeline().equals(stop.timeline())) {
      throw new BarmanException(
          ErrorCode.BACKUP_FAILED,
          "the server moved from timeline " + start.timeline().id() + " to "
              + stop.timeline().id() + " while it was backed up",
          "it was promoted; take the backup again");
    }
  }

  private Backup describe(
      BackupJob job, BackupPlan plan, Instant startedAt, Copied copied, PhaseClock clock) {
    BackupStart start = copied.start();
    BackupStop stop = copied.stop();
    BackupContents contents = copied.contents();
    Map<Long, String> names = facts.tablespaces().stream()
        .collect(Collectors.toMap(SourceTablespace::oid, SourceTablespace::name));
    List<Backup.Tablespace> tablespaces = new ArrayList<>();
    for (SourceTablespace tablespace : start.tablespaces()) {
      tablespaces.add(new Backup.Tablespace(
          tablespace.oid(), names.getOrDefault(tablespace.oid(), ""), tablespace.location()));
    }
    return new Backup(
        job.id(),
        Optional.ofNullable(job.name()),
        facts.systemIdentifier(),
        facts.version(),
        startedAt,
        copied.finishedAt(),
        start.lsn(),
        stop.lsn(),
        start.timeline(),
        stop.timeline(),
        facts.walSegmentSize(),
        tablespaces,
        job.method(),
        plan.parent().map(Backup::id),
        contents.manifestHash(),
        new Backup.Sizes(
            contents.databaseBytes(),
            contents.files(),
            contents.newBytes(),
            contents.storedBytes(),
            contents.reusedBytes()),
        contents.packs(),
        job.compression(),
        clock.elapsed(),
        facts.dataChecksums(),
        facts.dataDirectory().orElse(""),
        List.copyOf(copied.configuration().contents().keySet()));
  }
}
