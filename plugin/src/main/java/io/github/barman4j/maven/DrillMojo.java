package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillLimits;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.drill.RestoreDrill;
import io.github.barman4j.drill.RestoreDrillRequest;
import io.github.barman4j.drill.ScenarioInfo;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.RunAgain;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.eclipse.aether.RepositorySystem;
import org.jspecify.annotations.Nullable;

/**
 * Breaks a PostgreSQL server of its own on purpose, recovers it, and reports what was lost and how long it took.
 *
 * <p>The server's programs are fetched from the Maven repository; nothing has to be installed. Where Docker is, it may run in containers
 * instead. The reports are written before the outcome decides about the build.
 */
@Mojo(name = "drill", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class DrillMojo extends ScenariosMojo {
  /**
   * Ids or names of scenarios, <code>tier1</code> or <code>all</code>, and paths of YAML files with scenarios of your own. By default <code>tier1</code>, and <code>R01</code>, the restore
   * drill of an existing backup, where <code>barman.repository</code> is given.
   */
  @Parameter(property = "barman.drill.scenarios")
  private @Nullable List<String> scenarios;

  /** The repository of the existing backup that is to be restored. It is opened to be read only. */
  @Parameter(property = "barman.repository")
  private @Nullable String repository;

  /** The server's name inside the repository. */
  @Parameter(property = "barman.server", defaultValue = "main")
  private String server;

  /** Where that server's WAL is received. By default it lies inside the repository. */
  @Parameter(property = "barman.spool")
  private @Nullable String spool;

  /** The id of the <code>&lt;server&gt;</code> in settings.xml whose passphrase is that of the repository. */
  @Parameter(property = "barman.serverId")
  private @Nullable String serverId;

  /** The existing backup: its id or the beginning of it, its name, <code>latest</code> or <code>oldest</code>. By default the newest that serves. */
  @Parameter(property = "barman.backup")
  private @Nullable String backup;

  /** The superuser of the restored cluster; no password is needed. */
  @Parameter(property = "barman.user", defaultValue = "postgres")
  private String user;

  /** Threads that write the restored files. By default as many as there are processors. */
  @Parameter(property = "barman.jobs")
  private @Nullable String jobs;

  /** The restored database that <code>barman.drill.checkScript</code> is run in. By default the only one besides <code>postgres</code>. */
  @Parameter(property = "barman.drill.checkDatabase")
  private @Nullable String checkDatabase;

  /**
   * Where the servers run: <code>embedded</code>, processes on this machine; <code>docker</code>, containers; <code>auto</code> takes
   * the first.
   */
  @Parameter(property = "barman.drill.environment", defaultValue = "auto")
  private String environment;

  /** 15 to 18, or a full version. By default the newest that this release names, so that figures compare. */
  @Parameter(property = "barman.drill.postgresVersion")
  private @Nullable String postgresVersion;

  /** Another image than <code>postgres:&lt;version&gt;</code>, for the environment <code>docker</code>. */
  @Parameter(property = "barman.drill.postgresImage")
  private @Nullable String postgresImage;

  /** A directory with a server's programs on this machine, instead of fetched ones. */
  @Parameter(property = "barman.drill.postgresBin")
  private @Nullable String postgresBin;

  /**
   * The program <code>toxiproxy-server</code>, 2.12.0 or another from 2.5.0 on, which breaks the network in S12 to S17. By default an
   * image where servers are containers, otherwise the program on the PATH; without any, these scenarios are skipped.
   */
  @Parameter(property = "barman.drill.toxiproxyServer")
  private @Nullable String toxiproxyServer;

  /** Another image of Toxiproxy than <code>ghcr.io/shopify/toxiproxy:2.12.0</code>, for the environment <code>docker</code>. */
  @Parameter(property = "barman.drill.toxiproxyImage")
  private @Nullable String toxiproxyImage;

  /**
   * An image of PostgreSQL with repmgr for the scenario that needs it, S31. By default <code>barman4j/repmgr:15</code> if it is there:
   * <code>it/images</code> of this project makes it. Only with the environment <code>docker</code>.
   */
  @Parameter(property = "barman.drill.repmgrImage")
  private @Nullable String repmgrImage;

  /** How many clients write at once, 1 to 64. */
  @Parameter(property = "barman.drill.writers", defaultValue = "4")
  private String writers;

  /** How long they write before the backup begins, in ISO-8601. */
  @Parameter(property = "barman.drill.warmUp", defaultValue = "PT1S")
  private String warmUp;

  /** How much data is there before the load begins. */
  @Parameter(property = "barman.drill.databaseSize", defaultValue = "32MB")
  private String databaseSize;

  /** SQL that makes a schema and data of your own before the drill. */
  @Parameter(property = "barman.drill.initScript")
  private @Nullable String initScript;

  /** Queries that must return no row after the recovery. */
  @Parameter(property = "barman.drill.checkScript")
  private @Nullable String checkScript;

  /** Of all that is random. */
  @Parameter(property = "barman.drill.seed", defaultValue = "42")
  private String seed;

  /** How often each scenario is run; the median is reported. */
  @Parameter(property = "barman.drill.repeat", defaultValue = "1")
  private String repeat;

  /** The most acknowledged commits that may be lost, in scenarios that promise no loss. */
  @Parameter(property = "barman.maxLostTransactions")
  private @Nullable String maxLostTransactions;

  /** How far back the oldest loss may lie, in ISO-8601. */
  @Parameter(property = "barman.maxRpo")
  private @Nullable String maxRpo;

  /** The longest time from the fault to the first durable write, in ISO-8601. */
  @Parameter(property = "barman.maxRto")
  private @Nullable String maxRto;

  /**
   * By how many percent, 10 at least, a recovery may take longer than the median of the earlier runs in the history that passed on a
   * machine, a major version and a load like these. It counts from the fourth run on.
   */
  @Parameter(property = "barman.maxRtoRegressionPercent")
  private @Nullable String maxRtoRegressionPercent;

  /** Limits of single scenarios: <code>scenario</code> and any of the four limits above. */
  @Parameter
  private @Nullable List<ScenarioLimit> limits;

  /** <code>false</code> reports a breach and lets the build go on. */
  @Parameter(property = "barman.drill.failOnBreach", defaultValue = "true")
  private String failOnBreach;

  /** <code>true</code> fails the build when a scenario was skipped. */
  @Parameter(property = "barman.drill.failWhenSkipped", defaultValue = "false")
  private String failWhenSkipped;

  /** <code>false</code> lets a build go on in which no scenario was run. */
  @Parameter(property = "barman.drill.failWhenNone", defaultValue = "true")
  private String failWhenNone;

  /** A file that keeps the figures of earlier runs, for trends; this run's are added. It is made when it is missing. */
  @Parameter(property = "barman.drill.history")
  private @Nullable String history;

  /** Where the reports are written. By default <code>target/barman</code>. */
  @Parameter(property = "barman.drill.outputDirectory")
  private @Nullable String outputDirectory;

  /** <code>true</code> prints what would be run, and runs nothing. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Inject
  private RepositorySystem repositories;

  @Override
  void drill() {
    DrillServers wanted = wantedServers();
    DrillGate gate = new DrillGate(
        ParameterValue.flag("barman.drill.failOnBreach", failOnBreach),
        ParameterValue.flag("barman.drill.failWhenSkipped", failWhenSkipped),
        ParameterValue.flag("barman.drill.failWhenNone", failWhenNone));
    boolean plan = ParameterValue.flag("barman.dryRun", dryRun);
    DrillReport report =
        isOfExistingBackup() ? ofExistingBackup(plan, wanted) : ofScenarios(plan, wanted);
    if (report != null) {
      getLog().info("reports: " + directory());
      gate.check(report, directory());
    }
  }

  /** Null when only the plan was asked for. */
  private @Nullable DrillReport ofScenarios(boolean plan, DrillServers wanted) {
    List<ScenarioInfo> selected = Drill.select(chosen());
    DrillRequest request = request(wanted);
    if (plan) {
      getLog()
          .info("would drill PostgreSQL " + request.servers().version() + " and report to "
              + request.outputDirectory());
      selected.forEach(scenario -> getLog().info(CatalogueText.line(scenario)));
      return null;
    }
    return Drill.run(request, new EventLog(getLog()));
  }

  private boolean isOfExistingBackup() {
    List<String> words = scenarios == null ? List.of() : scenarios;
    boolean named = words.stream()
        .map(String::strip)
        .anyMatch(word ->
            word.equalsIgnoreCase(RestoreDrill.INFO.id()) || word.equals(RestoreDrill.INFO.name()));
    if (named && (repository == null || words.size() > 1)) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          RestoreDrill.INFO.id()
              + (repository == null
                  ? " restores an existing backup, and barman.repository is not set"
                  : " is not run together with other scenarios, which make servers of their own"),
          "run it alone: barman:drill -Dbarman.repository=<where the backups are>");
    }
    return named || repository != null && words.isEmpty();
  }

  private @Nullable DrillReport ofExistingBackup(boolean plan, DrillServers wanted) {
    if (text("barman.drill.postgresVersion", postgresVersion) != null || limits != null) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "barman.drill.postgresVersion or a limit of a single scenario is set, and an existing backup is drilled",
          "leave it out: the backup has a version of its own; barman.maxRto and barman.maxRpo are the limits");
    }
    EngineConfiguration place = new RepositoryPlace(
            value("barman.repository", String.valueOf(repository)).text(), server, spool)
        .configuration(baseDirectory(), null);
    EngineConfiguration opened = RepositoryMojo.withJobs(
        passphrase(text("barman.serverId", serverId)).map(place::withPassphrase).orElse(place),
        jobs);
    RestoreDrillRequest request = new RestoreDrillRequest(
        opened,
        text("barman.backup", backup),
        wanted.ofBackup(session().getSystemProperties(), this::jar),
        value("barman.user", user).text(),
        file("barman.drill.checkScript", checkScript),
        text("barman.drill.checkDatabase", checkDatabase),
        ScenarioLimit.limits(maxLostTransactions, maxRpo, maxRto, maxRtoRegressionPercent),
        directory(),
        stepSummary(),
        file("barman.drill.history", history),
        new DrillCommand(command())
            .with("barman.repository", opened.repository().toString())
            .with("barman.server", server, "main")
            .with("barman.spool", spool)
            .with("barman.serverId", serverId)
            .with("barman.jobs", jobs)
            .with("barman.backup", backup)
            .with("barman.user", user, "postgres")
            .with("barman.drill.environment", environment, "auto")
            .with("barman.drill.postgresImage", postgresImage)
            .with("barman.drill.postgresBin", postgresBin)
            .with("barman.drill.checkScript", checkScript)
            .with("barman.drill.checkDatabase", checkDatabase)
            .with("barman.maxRpo", maxRpo)
            .with("barman.maxRto", maxRto)
            .toString());
    if (plan) {
      getLog().info("would restore from " + opened.repository() + " and report to " + directory());
      getLog().info(CatalogueText.line(RestoreDrill.INFO));
      return null;
    }
    return RestoreDrill.run(request, new EventLog(getLog()));
  }

  /** Paths are the project's, not those of the directory that Maven was started in. */
  @Override
  List<String> chosen() {
    List<String> words = scenarios == null || scenarios.isEmpty() ? List.of("tier1") : scenarios;
    return words.stream()
        .map(word -> word.endsWith(".yaml") || word.endsWith(".yml")
            ? String.valueOf(file("barman.drill.scenarios", word))
            : word)
        .toList();
  }

  /** The servers come last: what is wrong is said before anything is fetched. */
  private DrillRequest request(DrillServers wanted) {
    DrillLimits allowed = drillLimits();
    Path earlier = file("barman.drill.history", history);
    Path toxiproxy = file("barman.drill.toxiproxyServer", toxiproxyServer);
    String proxyImage = text("barman.drill.toxiproxyImage", toxiproxyImage);
    Drill.requireToxiproxy(toxiproxy, proxyImage, wanted.inContainers());
    Servers servers = wanted.fetch(session().getSystemProperties(), this::jar);
    return DrillRequest.builder(servers, directory())
        .scenarios(chosen())
        .writers(value("barman.drill.writers", writers).wholeNumber())
        .warmUp(value("barman.drill.warmUp", warmUp).duration())
        .databaseBytes(value("barman.drill.databaseSize", databaseSize).bytes())
        .initScript(file("barman.drill.initScript", initScript))
        .checkScript(file("barman.drill.checkScript", checkScript))
        .seed(value("barman.drill.seed", seed).wholeNumber())
        .repeat(value("barman.drill.repeat", repeat).wholeNumber())
        .limits(allowed)
        .stepSummary(stepSummary())
        .history(earlier)
        .toxiproxyServer(toxiproxy)
        .toxiproxyImage(proxyImage)
        .again(RunAgain.choosing(again(wanted, servers)))
        .repmgrImage(text("barman.drill.repmgrImage", repmgrImage))
        .build();
  }

  private String again(DrillServers wanted, Servers servers) {
    return wanted
        .again(new DrillCommand(command()).with("barman.drill.seed", seed), servers)
        .with("barman.drill.postgresBin", postgresBin)
        .with("barman.drill.toxiproxyServer", toxiproxyServer)
        .with("barman.drill.toxiproxyImage", toxiproxyImage)
        .with("barman.drill.repmgrImage", repmgrImage)
        .with("barman.drill.writers", writers, "4")
        .with("barman.drill.warmUp", warmUp, "PT1S")
        .with("barman.drill.databaseSize", databaseSize, "32MB")
        .with("barman.drill.initScript", initScript)
        .with("barman.drill.checkScript", checkScript)
        .with("barman.drill.repeat", repeat, "1")
        .with("barman.maxLostTransactions", maxLostTransactions)
        .with("barman.maxRpo", maxRpo)
        .with("barman.maxRto", maxRto)
        .toString();
  }

  private Path jar(PostgresArtifact artifact) {
    return artifact.resolve(
        repositories, session().getRepositorySession(), project().getRemoteProjectRepositories());
  }

  private DrillServers wantedServers() {
    return new DrillServers(
        value("barman.drill.environment", environment).choice(DrillServers.Environment.class),
        ParameterValue.of("barman.drill.postgresVersion", postgresVersion),
        text("barman.drill.postgresImage", postgresImage),
        file("barman.drill.postgresBin", postgresBin));
  }

  private DrillLimits drillLimits() {
    Map<String, Limits> byScenario = new HashMap<>();
    for (ScenarioLimit limit : limits == null ? List.<ScenarioLimit>of() : limits) {
      byScenario.put(limit.scenario(), limit.limits());
    }
    return new DrillLimits(
        ScenarioLimit.limits(maxLostTransactions, maxRpo, maxRto, maxRtoRegressionPercent),
        byScenario);
  }

  private Path directory() {
    Path named = file("barman.drill.outputDirectory", outputDirectory);
    return named == null ? executionRoot().resolve("target").resolve("barman") : named;
  }

  private @Nullable Path stepSummary() {
    String file = session().getSystemProperties().getProperty("env.GITHUB_STEP_SUMMARY");
    return file == null || file.isBlank() ? null : Path.of(file);
  }

  private @Nullable Path file(String name, @Nullable String path) {
    return ParameterValue.of(name, path)
        .map(value -> value.path(baseDirectory()))
        .orElse(null);
  }
}
