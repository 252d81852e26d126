package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.InterruptedWork;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.IsolatedServer;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.drill.ScenarioDetail.Need;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Load;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.RestoreRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * R01: an existing backup, of production, is restored with all the log there is into a throw-away server that reaches nothing, and looked
 * at from the first page to the user's last query. There is no primary and no ledger: what is told instead of a loss is how old the
 * newest commit is that came back. Nothing is written to the repository.
 */
public final class RestoreDrill {
  /** What the catalogue says of it. */
  public static final ScenarioInfo INFO = new ScenarioInfo(
          "R01",
          "restore-existing-backup",
          1,
          false,
          "an existing backup is restored into a throw-away server and looked at; nothing is broken and nothing written to its repository")
      .breaking(
          "nothing: the newest backup of a repository, or the one that is named, is restored with "
              + "all its log into a server that reaches nothing")
      .expecting("the newest backup came back", "newest-backup")
      .expecting("with its log to the last record", "wal-end")
      .expecting(
          "every page has a sound header, and the right checksum where the cluster has them",
          "checksums")
      .expectingWhereSeen(
          "every B-tree index and every table is sound (where the programs have amcheck)",
          "amcheck")
      .expecting("every row of every table can be read", "full-read")
      .expecting("the server can reach nothing of production", "isolation")
      .expecting("nothing in the repository has changed by it", "repository")
      .measuring(
          "not measured, there is no primary to compare with: the age of the newest commit that "
              + "came back is told instead",
          "from the beginning to the first durable write")
      .needing(Need.REPOSITORY);

  /** With these nothing was tried: the user has named something that is not there or cannot be opened. */
  private static final Set<ErrorCode> NOT_TRIED = EnumSet.of(
      ErrorCode.INVALID_CONFIGURATION,
      ErrorCode.INVALID_VALUE,
      ErrorCode.REPOSITORY_NOT_FOUND,
      ErrorCode.ENCRYPTION_KEY_MISSING,
      ErrorCode.ENCRYPTION_KEY_WRONG,
      ErrorCode.ENCRYPTION_NOT_USED,
      ErrorCode.BACKUP_AMBIGUOUS,
      ErrorCode.DRILL_CONFIGURATION,
      ErrorCode.INTERRUPTED);

  private final RestoreDrillRequest request;
  private final EventSink sink;
  private final Engine engine;
  private String version = "unknown";

  private RestoreDrill(RestoreDrillRequest request, EventSink sink) {
    this.request = request;
    this.sink = sink;
    this.engine = Engine.open(request.repository(), new EngineEvents(sink));
  }

  /**
   * Restores, looks, writes the reports and tells the table. Whatever happens, no process and no folder is left.
   *
   * @return also when the backup turned out to be no good: whether that fails a build is the caller's decision
   * @throws BarmanException when it could not be tried: no repository, no such backup, no or a wrong passphrase, no programs of the
   *     backup's version, a script that cannot be read, a report that cannot be written; INTERRUPTED
   */
  public static DrillReport run(RestoreDrillRequest request, EventSink sink) {
    RestoreDrill drill = new RestoreDrill(request, sink);
    drill.requireRepository();
    Conclusion conclusion = Conclusion.prepare(
        request.outputDirectory(), request.stepSummary(), request.history(), sink);
    Instant startedAt = Instant.now();
    long begin = System.nanoTime();
    sink.info(INFO.id() + " " + INFO.name() + ": " + request.repository().repository()
        + ", server '" + request.repository().server() + "'");
    ScenarioResult result = Promises.kept(INFO, List.of(drill.result())).get(0);
    return conclusion.of(new DrillReport(
        new DrillReport.Environment(
            request.programs().kind(),
            drill.version,
            System.getProperty("java.version", "unknown"),
            System.getProperty("os.name", "unknown") + " " + System.getProperty("os.arch", ""),
            Runtime.getRuntime().availableProcessors()),
        new Load(0, 0),
        startedAt,
        Duration.ofNanos(System.nanoTime() - begin),
        0,
        request.command(),
        List.of(result)));
  }

  /** Before anything is written; a repository that is there and damaged is a finding, and comes later. */
  private void requireRepository() {
    try {
      engine.catalog();
    } catch (BarmanException e) {
      if (NOT_TRIED.contains(e.code())) {
        throw e;
      }
    }
  }

  private ScenarioResult result() {
    RepositoryWatch watch;
    Backup backup;
    try {
      watch = RepositoryWatch.begin(engine);
      backup = chosen().backup();
    } catch (BarmanException e) {
      return failed(e);
    }
    version = backup.postgres().toString();
    Servers servers = programs(backup);
    version = servers.version();
    Sites sites = new Sites(servers);
    ScenarioResult result = restored(servers, sites, watch);
    return Sites.judged(result, sites.nothingLeft());
  }

  private ScenarioResult restored(Servers servers, Sites sites, RepositoryWatch watch) {
    try (IsolatedServer server =
        IsolatedServer.create(servers, sites.openIsolated(), request.superuser())) {
      return new RestoredBackup(request, engine, server, sink).judged(watch, variant());
    } catch (BarmanException e) {
      return failed(e);
    }
  }

  private Optional<String> variant() {
    return Optional.of(request.repository().server());
  }

  /** Of what was tried; the rest is thrown on. */
  private ScenarioResult failed(BarmanException failure) {
    if (InterruptedWork.isCauseOf(failure)) {
      throw InterruptedWork.in("the drill", failure);
    }
    boolean unknownName = failure.code() == ErrorCode.BACKUP_UNKNOWN && request.backup() != null;
    if (NOT_TRIED.contains(failure.code()) || unknownName) {
      throw failure;
    }
    sink.warn(INFO.id() + " failed: " + failure.problem(), failure.hint());
    return new ScenarioResult(
        INFO.id(),
        INFO.name(),
        variant(),
        Verdict.FAILED,
        List.of(failure.code().code() + ": " + failure.problem()),
        request.limits(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  /** Decides for a directory that is none, only to know the backup. */
  private RestorePlan chosen() {
    return engine.planRestore(
        RestoreRequest.to(Path.of("nowhere")).backup(request.backup()).build());
  }

  private Servers programs(Backup backup) {
    Servers found = request.programs().of(backup.postgres().major());
    if (found.major() != backup.postgres().major()) {
      throw new BarmanException(
          ErrorCode.RESTORE_VERSION,
          "the programs of " + found.origin() + " are PostgreSQL " + found.version() + ", backup "
              + backup.id() + " is of " + backup.postgres(),
          "name the programs of PostgreSQL " + backup.postgres().major() + " with "
              + found.originProperty() + ", or leave it out");
    }
    return found;
  }
}
