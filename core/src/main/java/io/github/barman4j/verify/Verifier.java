package io.github.barman4j.verify;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.Progress;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.DamagedFile;
import io.github.barman4j.catalog.Mark;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.wal.WalArchive;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Verifies backups of one server; see the package. Thread-safe: every call is a run of its own. */
public final class Verifier {
  private static final String FOUND_BY = "verify";
  private static final int TOLD_FINDINGS = 100;
  private static final int QUEUE_PER_JOB = 16;

  private final ServerRepository repository;
  private final Catalog catalog;
  private final WalArchive archive;
  private final int jobs;
  private final EventSink events;
  private final InstantSource clock;

  /** @param jobs threads that read and hash, at least 1 */
  public Verifier(ServerRepository repository, int jobs, EventSink events, InstantSource clock) {
    this.repository = repository;
    this.catalog = new Catalog(repository);
    this.archive = new WalArchive(repository);
    this.jobs = jobs;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Reads all that was asked for to its last byte. What is damaged is in the report.
   *
   * @throws BarmanException BACKUP_UNKNOWN or BACKUP_AMBIGUOUS for a selector that means no backup, and when the machine fails
   */
  public VerifyReport verify(VerifyRequest request) {
    long start = System.nanoTime();
    Run run = new Run(request);
    VerifyReport report = run.report(Duration.ofNanos(System.nanoTime() - start));
    List<Finding> findings = report.findings();
    findings.stream()
        .limit(TOLD_FINDINGS)
        .forEach(finding -> events.warn(
            finding.toString(), "heal the backup while the server is there, or take a new one"));
    report
        .wal()
        .knownGaps()
        .forEach(gap -> events.warn(
            "the log was not received " + gap,
            "no moment inside can be recovered; this is no damage"));
    if (findings.size() > TOLD_FINDINGS) {
      events.warn(
          (findings.size() - TOLD_FINDINGS) + " more findings",
          "the report and the marks have them");
    }
    return report;
  }

  /** One verification. */
  private final class Run {
    private final VerifyRequest request;
    private final List<Finding> unreadable = new ArrayList<>();
    private final List<VerifiedBackup> verified = new ArrayList<>();
    private final List<Finding> others = new ArrayList<>();
    private final List<String> notMarked = new ArrayList<>();
    private VerifiedWal wal =
        new VerifiedWal(0, Optional.empty(), Optional.empty(), List.of(), List.of());

    Run(VerifyRequest request) {
      this.request = request;
      List<Backup> backups = choose();
      List<RepositoryLock> uses = new ArrayList<>();
      try {
        for (Backup backup : backups) {
          uses.add(repository.use(backup.id().value()));
        }
        verify(backups);
      } finally {
        uses.forEach(RepositoryLock::close);
      }
    }

    private List<Backup> choose() {
      if (!request.selector().equals(VerifyRequest.ALL)) {
        return readable(List.of(catalog.idOf(request.selector())));
      }
      List<Backup> backups = readable(catalog.ids());
      if (backups.isEmpty() && unreadable.isEmpty()) {
        throw new BarmanException(
            ErrorCode.BACKUP_UNKNOWN,
            "there is no backup of server '" + repository.name() + "' that could be verified",
            "take one with barman:backup");
      }
      readHealed();
      for (BackupId id : catalog.withoutEntry()) {
        unreadable.add(new Finding(
            id.value(),
            "manifests/" + id,
            "",
            List.of(),
            "the manifest is there and its catalog entry is not"));
      }
      for (String key : catalog.strays()) {
        unreadable.add(new Finding(
            "", key, "", List.of(), "by its name it is no catalog entry, so nobody reads it"));
      }
      return backups;
    }

    /** What damaged blocks were healed with, also where the damage has gone since. */
    private void readHealed() {
      for (String key : repository.objects().list("healed/")) {
        try {
          repository.objects().get(key);
        } catch (IntegrityException e) {
          unreadable.add(new Finding("", key, "", List.of(), e.problem()));
        }
      }
    }

    private List<Backup> readable(List<BackupId> ids) {
      List<Backup> backups = new ArrayList<>();
      for (BackupId id : ids) {
        try {
          backups.add(catalog.get(id));
        } catch (IntegrityException e) {
          unreadable.add(
              new Finding(id.value(), "backups/" + id + ".json", "", List.of(), e.problem()));
        }
      }
      return backups;
    }

    private void verify(List<Backup> backups) {
      long bytes =
          backups.stream().mapToLong(backup -> backup.sizes().databaseBytes()).sum();
      VerifiedBlocks blocks = new VerifiedBlocks();
      DamagedBlocks damaged = new DamagedBlocks();
      Map<String, Optional<String>> packs = new HashMap<>();
      Map<String, List<Finding>> walOfBackup = new HashMap<>();
      try (Progress progress = Progress.of(events, "verify", bytes);
          TaskGroup workers = TaskGroup.of("verify", jobs, jobs * QUEUE_PER_JOB)) {
        for (Backup backup : backups) {
          events.info("verifying backup " + backup.id());
          verified.add(
              new BackupCheck(repository, catalog, backup, blocks, damaged, workers, progress)
                  .run(archive, packs));
        }
      }
      verifyWal(backups, walOfBackup);
      verified.replaceAll(one -> with(one, walOfBackup.getOrDefault(one.id(), List.of())));
      verified.forEach(this::mark);
      findOthers(backups, damaged);
    }

    private void verifyWal(List<Backup> backups, Map<String, List<Finding>> ofBackup) {
      if (backups.isEmpty()) {
        return;
      }
      try (Progress progress = Progress.of(events, "verify WAL", -1)) {
        WalVerification verification =
            new WalVerification(repository.objects(), archive, backups.get(0), progress);
        wal = verification.run(backups, request.selector().equals(VerifyRequest.ALL));
        backups.forEach(backup -> ofBackup.put(backup.id().value(), verification.ofBackup(backup)));
      }
    }

    private void findOthers(List<Backup> asked, DamagedBlocks damaged) {
      OtherBackups search = new OtherBackups(repository, damaged);
      for (Backup backup : readableOthers(asked)) {
        List<DamagedFile> files = search.concerned(backup);
        if (!files.isEmpty()) {
          String id = backup.id().value();
          files.forEach(file -> others.add(Finding.of(id, file)));
          mark(backup.id(), new Mark.Damaged(clock.instant(), FOUND_BY, files));
        }
      }
    }

    private List<Backup> readableOthers(List<Backup> asked) {
      List<Backup> rest = new ArrayList<>();
      for (BackupId id : catalog.ids()) {
        if (asked.stream().noneMatch(backup -> backup.id().equals(id))) {
          try {
            rest.add(catalog.get(id));
          } catch (IntegrityException e) {
            events.warn(e.problem(), e.hint());
          }
        }
      }
      return rest;
    }

    private VerifiedBackup with(VerifiedBackup one, List<Finding> more) {
      List<Finding> all = new ArrayList<>(one.findings());
      all.addAll(more);
      return new VerifiedBackup(one.id(), one.files(), one.blocks(), one.bytes(), one.pages(), all);
    }

    private void mark(VerifiedBackup one) {
      Instant now = clock.instant();
      Mark mark = one.passed()
          ? new Mark.Verified(now, one.blocks(), one.bytes())
          : new Mark.Damaged(
              now,
              FOUND_BY,
              one.findings().stream()
                  .map(found -> new DamagedFile(
                      found.file(), found.relation(), found.blocks(), found.problem()))
                  .toList());
      mark(new BackupId(one.id()), mark);
    }

    private void mark(BackupId id, Mark mark) {
      if (!request.mark()) {
        return;
      }
      try {
        catalog.mark(id, mark);
      } catch (IntegrityException e) {
        notMarked.add("backup " + id + " could not be marked: " + e.problem());
      } catch (BarmanException e) {
        if (e.code() != ErrorCode.REPOSITORY_UNWRITABLE && e.code() != ErrorCode.BACKUP_UNKNOWN) {
          throw e;
        }
        notMarked.add("backup " + id + " could not be marked: " + e.problem());
      }
    }

    VerifyReport report(Duration took) {
      others.addAll(0, unreadable);
      notMarked.forEach(text -> events.warn(text, "the outcome stands all the same"));
      return new VerifyReport(repository.name(), verified, wal, others, notMarked, took);
    }
  }
}
