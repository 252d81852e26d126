package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.InterruptedWork;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.IsolatedServer;
import io.github.barman4j.cluster.LogMark;
import io.github.barman4j.cluster.ServerLog;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.restore.RestoreResult;
import io.github.barman4j.restore.RunningRestore;
import io.github.barman4j.restore.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One restore of an existing backup into an isolated server, measured, looked at and judged. Used once, by one thread. */
final class RestoredBackup {
  /** Every cluster has it. */
  private static final String MAINTENANCE = "template1";

  /** How far the server's clock may be behind the time that a commit has. */
  private static final Duration SKEW = Duration.ofSeconds(1);

  private final RestoreDrillRequest request;
  private final Engine engine;
  private final IsolatedServer server;
  private final EventSink sink;
  private final Ladder ladder;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> breaches = new ArrayList<>();

  RestoredBackup(
      RestoreDrillRequest request, Engine engine, IsolatedServer server, EventSink sink) {
    this.request = request;
    this.engine = engine;
    this.server = server;
    this.sink = sink;
    this.ladder = new Ladder(server);
  }

  /** What recovery came to, asked before anything else is done. */
  private record Recovered(
      Lsn replayed, @Nullable Instant lastCommit, boolean checksums, int timeline) {
    static Recovered of(Connection connection) throws SQLException {
      String time = Ladder.texts(
              connection,
              "SELECT to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC',"
                  + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
          .get(0);
      return new Recovered(
          Lsn.parse(Ladder.texts(connection, "SELECT pg_last_wal_replay_lsn()").get(0)),
          time == null ? null : Instant.parse(time),
          Ladder.texts(connection, "SHOW data_checksums").get(0).equals("on"),
          Integer.parseInt(
              Ladder.texts(connection, "SELECT pg_walfile_name(pg_current_wal_lsn())")
                  .get(0)
                  .substring(0, 8),
              16));
    }
  }

  ScenarioResult judged(RepositoryWatch watch, Optional<String> variant) {
    Instant now = Instant.now();
    Measurement measured = new Measurement(System.nanoTime());
    RestorePlan plan = engine.planRestore(request(Map.of()));
    measured.reached(Milestone.PLANNED);
    sink.info("restoring backup " + plan.backup().id() + ", " + plan.backup().postgres() + ", with "
        + plan.wal().size() + " WAL segments");
    RestoreResult result;
    Recovered recovered;
    try (RunningRestore running = engine.startRestore(plan, request(tablespaces(plan.backup())))) {
      measured.reached(Milestone.RESTORED);
      server.launch();
      server.awaitReady();
      recovered = use(measured);
      result = running.join();
    } catch (SQLException e) {
      throw unusable(e);
    }
    measured.apart("wal", result.wal().took());
    Rto soFar = measured.toRto();
    sink.info("recovered in " + Judge.seconds(soFar.total()) + "; now everything is looked at");
    newest(plan, result);
    walEnd(plan, recovered);
    String age = age(plan.backup(), recovered, now);
    climb(recovered, measured);
    ladder.add(watch.check());
    Rto rto = measured.toRto();
    Judge.tooLong(request.limits(), rto.total()).ifPresent(breaches::add);
    Judge judge = Judge.of(breaches, ladder.checks(), List.of());
    List<String> reasons = new ArrayList<>(judge.reasons());
    reasons.add(age);
    reasons.add(verified());
    reasons.add(notVerified());
    figures.add(new Figure("walBytes", plan.walBytes()));
    figures.addAll(ladder.figures());
    return new ScenarioResult(
        RestoreDrill.INFO.id(),
        RestoreDrill.INFO.name(),
        variant,
        judge.verdict(),
        reasons,
        request.limits(),
        Optional.empty(),
        Optional.of(rto),
        Optional.of(Recovery.restored(result, recovered.timeline())),
        ladder.checks(),
        figures);
  }

  private RestoreRequest request(Map<String, Path> tablespaces) {
    return RestoreRequest.to(server.dataDirectory())
        .backup(request.backup())
        .owner(server.fileOwner())
        .postgresBin(
            server.servers() instanceof EmbeddedServers here ? here.binaries().bin() : null)
        .tablespaces(tablespaces)
        .testServer(new TestServer("", server.port(), server.socketFolder()))
        .settings(modest())
        .build();
  }

  /** What a machine for tests has, and programs that were built with less than production's. */
  private Map<String, String> modest() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("shared_buffers", "128MB");
    settings.put("huge_page_size", "0");
    settings.put("jit", "off");
    settings.put("wal_compression", "off");
    settings.put("default_toast_compression", "pglz");
    for (String locale : List.of("lc_messages", "lc_monetary", "lc_numeric", "lc_time")) {
      settings.put(locale, "C");
    }
    if (server.servers().major() >= 18) {
      settings.put("io_method", "worker");
    }
    return settings;
  }

  private Map<String, Path> tablespaces(Backup backup) {
    return backup.tablespaces().stream()
        .collect(Collectors.toMap(
            Backup.Tablespace::name, space -> server.tablespace(Long.toString(space.oid()))));
  }

  private Recovered use(Measurement measured) throws SQLException {
    ServerLog log = server.log();
    measured.reached(Milestone.REDO_STARTED, log.nanosOf(LogMark.REDO_STARTS));
    measured.reached(Milestone.CONSISTENT, log.nanosOf(LogMark.CONSISTENT));
    measured.reached(Milestone.RECOVERED, log.nanosOf(LogMark.RECOVERY_COMPLETE));
    measured.reached(Milestone.READY, log.nanosOf(LogMark.READY));
    try (Connection connection = server.connect(MAINTENANCE)) {
      Ladder.texts(connection, "SELECT relname FROM pg_class LIMIT 1");
      measured.reached(Milestone.FIRST_READ);
      // A commit that is forced to the disk, and changes nothing that could be looked at.
      Ladder.texts(connection, "SELECT pg_logical_emit_message(true, 'barman', 'drill')");
      measured.reached(Milestone.FIRST_WRITE);
      Recovered recovered = Recovered.of(connection);
      ladder.isolation(connection, engine.configuration().repository());
      ladder.open(connection);
      return recovered;
    }
  }

  private BarmanException unusable(SQLException e) {
    if (InterruptedWork.isCauseOf(e)) {
      return InterruptedWork.in("looking at the restored server", e);
    }
    // 28000, invalid_authorization_specification: there is no such role.
    if ("28000".equals(e.getSQLState())) {
      return new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "the restored cluster does not let in '" + request.superuser() + "': " + e.getMessage(),
          "name its superuser as barman.user; no password is needed",
          e);
    }
    return new BarmanException(
        ErrorCode.DRILL_FAILED,
        "the restored server refuses to work: " + e.getMessage(),
        "see the cause\n" + server.log().tail(10),
        e);
  }

  /** A backup that was passed over is one that cannot be counted on. */
  private void newest(RestorePlan plan, RestoreResult result) {
    List<String> passedOver = new ArrayList<>(result.fallbacks());
    plan.reasons().stream()
        .filter(reason -> reason.contains("is passed over"))
        .filter(reason -> request.backup() == null)
        .filter(reason -> passedOver.stream().noneMatch(text -> overlaps(text, reason)))
        .forEach(passedOver::add);
    ladder.add(Ladder.check(
        "newest-backup",
        passedOver,
        "backup " + result.backup() + ", " + (request.backup() == null ? "the newest" : "as named")
            + ", was restored"));
  }

  /** Both speak of one backup. */
  private static boolean overlaps(String fallback, String reason) {
    String[] words = reason.split(" ", 3);
    return words.length > 1 && fallback.contains(words[1]);
  }

  private void walEnd(RestorePlan plan, Recovered recovered) {
    boolean reached = !recovered.replayed().isBefore(plan.walEnd());
    ladder.add(new Check(
        "wal-end",
        reached,
        "replayed up to " + recovered.replayed() + "; the last record in the repository ends at "
            + plan.walEnd()));
  }

  private String age(Backup backup, Recovered recovered, Instant now) {
    Instant last = recovered.lastCommit();
    Instant known = last == null ? backup.finishedAt() : last;
    Duration age = Duration.between(known, now);
    if (age.compareTo(SKEW.negated()) < 0) {
      ladder.cannotVerify("the age of the newest commit: it is " + Judge.seconds(age.negated())
          + " ahead of this machine's clock");
    }
    Duration counted = age.isNegative() ? Duration.ZERO : age;
    figures.add(new Figure("newestCommitAgeMillis", counted.toMillis()));
    limit(request.limits(), counted);
    return (last == null
            ? "no transaction ended after the backup, which is "
            : "the newest commit that came back is ")
        + Judge.seconds(counted) + " old, of "
        + OffsetDateTime.ofInstant(known, ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
  }

  private void limit(Limits limits, Duration age) {
    limits
        .rpo()
        .filter(most -> age.compareTo(most) > 0)
        .ifPresent(most -> breaches.add("the newest commit that came back is " + Judge.seconds(age)
            + " old, " + Judge.seconds(age.minus(most)) + " more than the limit of "
            + Judge.seconds(most)));
  }

  private void climb(Recovered recovered, Measurement measured) {
    timed(measured, "checksums", () -> checksums(recovered.checksums()));
    server.launch();
    server.awaitReady();
    timed(measured, "amcheck", ladder::structure);
    timed(measured, "full-read", ladder::readEverything);
    Path script = request.checkScript();
    if (script != null) {
      timed(measured, "script", () -> ladder.script(script, request.checkDatabase()));
    }
  }

  private static void timed(Measurement measured, String name, Runnable work) {
    long begin = System.nanoTime();
    work.run();
    measured.apart(name, Duration.ofNanos(System.nanoTime() - begin));
  }

  private void checksums(boolean enabled) {
    server.stop();
    try {
      PageScan scan = PageScan.of(server.dataDirectory(), enabled);
      figures.add(new Figure("pagesChecked", scan.pages()));
      ladder.add(Ladder.check(
          "checksums",
          scan.faults(),
          scan.pages() + " pages have a sound header"
              + (enabled ? " and the right checksum" : "; this cluster has no checksums")));
      if (!enabled) {
        ladder.cannotVerify("the bytes of the pages: this cluster has no page checksums");
      }
    } catch (IOException e) {
      throw Failures.unreadable(server.dataDirectory(), e);
    }
  }

  private String verified() {
    return "verified: "
        + ladder.checks().stream()
            .filter(Check::passed)
            .map(check -> check.name() + " (" + check.detail() + ")")
            .collect(Collectors.joining(", "));
  }

  private String notVerified() {
    List<String> all = new ArrayList<>();
    all.add(
        "how much was lost: there is no primary to compare with, only the age of the newest commit");
    if (request.checkScript() == null) {
      all.add("what the rows mean: there is no barman.drill.checkScript");
    }
    all.addAll(ladder.unverified());
    return "not verified: " + String.join("; ", all);
  }
}
