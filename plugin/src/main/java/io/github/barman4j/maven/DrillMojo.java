package io.github.barman4j.maven;

import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillLimits;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Limits;
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
 * Breaks a real PostgreSQL on purpose, recovers it, and measures what was lost and how long it took.
 *
 * <p>The servers are the drill's own, from binaries that Maven resolves. The reports are <code>drill.json</code>, <code>
 * TEST-barman.drill.xml</code>, <code>drill.md</code> and a table on the console; then a breached limit fails the build.
 */
@Mojo(name = "drill", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class DrillMojo extends BarmanMojo {
  enum Environment {
    AUTO,
    EMBEDDED
  }

  /** <code>true</code> prints the catalogue of scenarios, and runs none. */
  @Parameter(property = "barman.drill.list", defaultValue = "false")
  private String list;

  /** What to run: ids or names between commas, <code>tier1</code> or <code>all</code>. */
  @Parameter(property = "barman.drill.scenarios", defaultValue = "tier1")
  private String scenarios;

  /** Where the servers run: <code>embedded</code>, on this machine, which <code>auto</code> chooses too. */
  @Parameter(property = "barman.drill.environment", defaultValue = "auto")
  private String environment;

  /** A major version, 15 to 18, or a full one. By default the newest that this release of the plugin names. */
  @Parameter(property = "barman.drill.postgresVersion")
  private @Nullable String postgresVersion;

  /** A directory with the programs <code>postgres</code> and <code>initdb</code>, instead of fetching them. */
  @Parameter(property = "barman.drill.postgresBin")
  private @Nullable String postgresBin;

  /** How many clients write at once. */
  @Parameter(property = "barman.drill.writers", defaultValue = "4")
  private String writers;

  /** How long they write before the backup begins, in ISO-8601. */
  @Parameter(property = "barman.drill.warmUp", defaultValue = "PT1S")
  private String warmUp;

  /** How much data is there before. */
  @Parameter(property = "barman.drill.databaseSize", defaultValue = "32MB")
  private String databaseSize;

  /** SQL that makes a schema and data of your own before the drill. */
  @Parameter(property = "barman.drill.initScript")
  private @Nullable String initScript;

  /** Queries that must return no row after the recovery. */
  @Parameter(property = "barman.drill.checkScript")
  private @Nullable String checkScript;

  /** The seed of everything random. */
  @Parameter(property = "barman.drill.seed", defaultValue = "42")
  private String seed;

  /** How often each scenario is run; the median counts. */
  @Parameter(property = "barman.drill.repeat", defaultValue = "1")
  private String repeat;

  /** The most acknowledged transactions that may be lost in a scenario that promises no loss. */
  @Parameter(property = "barman.maxLostTransactions")
  private @Nullable String maxLostTransactions;

  /** The highest age of a lost transaction at the fault, in ISO-8601. */
  @Parameter(property = "barman.maxRpo")
  private @Nullable String maxRpo;

  /** The longest time from the fault to the first durable write, in ISO-8601. */
  @Parameter(property = "barman.maxRto")
  private @Nullable String maxRto;

  /** Limits of single scenarios. */
  @Parameter
  private @Nullable List<ScenarioLimits> limits;

  /** <code>true</code> fails the build when a scenario failed or was inconclusive. */
  @Parameter(property = "barman.drill.failOnBreach", defaultValue = "true")
  private String failOnBreach;

  /** <code>true</code> fails the build when a scenario was skipped. */
  @Parameter(property = "barman.drill.failWhenSkipped", defaultValue = "false")
  private String failWhenSkipped;

  /** <code>true</code> fails the build when no scenario was run. */
  @Parameter(property = "barman.drill.failWhenNone", defaultValue = "true")
  private String failWhenNone;

  /** Where the reports are written. By default <code>target/barman</code> in the directory where Maven was called. */
  @Parameter(property = "barman.drill.outputDirectory")
  private @Nullable String outputDirectory;

  /** <code>true</code> prints what would be run, and runs nothing. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Inject
  private RepositorySystem repositorySystem;

  @Override
  void run() {
    if (ParameterValue.flag("barman.drill.list", list)) {
      Drill.catalogue().forEach(info -> getLog()
          .info(String.format("%s %s (tier %d): %s", info.id(), info.name(), info.tier(), info.summary())));
      return;
    }
    DrillGate gate = new DrillGate(
        ParameterValue.flag("barman.drill.failOnBreach", failOnBreach),
        ParameterValue.flag("barman.drill.failWhenSkipped", failWhenSkipped),
        ParameterValue.flag("barman.drill.failWhenNone", failWhenNone));
    DrillRequest request = request();
    DrillReport report = Drill.run(request, new EventLog(getLog()));
    getLog().info("Reports: " + request.outputDirectory());
    gate.check(report, request.outputDirectory());
  }

  private DrillRequest request() {
    value("barman.drill.environment", environment).choice(Environment.class);
    DrillLimits allowed = drillLimits();
    return DrillRequest.builder(binaries(), directory())
        .scenarios(value("barman.drill.scenarios", scenarios).list())
        .writers(value("barman.drill.writers", writers).wholeNumber())
        .warmUp(value("barman.drill.warmUp", warmUp).duration())
        .databaseBytes(value("barman.drill.databaseSize", databaseSize).bytes())
        .initScript(file("barman.drill.initScript", initScript))
        .checkScript(file("barman.drill.checkScript", checkScript))
        .seed(value("barman.drill.seed", seed).wholeNumber())
        .repeat(value("barman.drill.repeat", repeat).wholeNumber())
        .limits(allowed)
        .stepSummary(ParameterValue.of("GITHUB_STEP_SUMMARY", lookup().environment("GITHUB_STEP_SUMMARY"))
            .map(value -> value.path(baseDirectory()))
            .orElse(null))
        .build();
  }

  private PostgresBinaries binaries() {
    return ParameterValue.of("barman.drill.postgresBin", postgresBin)
        .map(value -> PostgresBinaries.fromDirectory(value.path(baseDirectory())))
        .orElseGet(this::fetchedBinaries);
  }

  private PostgresBinaries fetchedBinaries() {
    PostgresArtifact artifact = ParameterValue.of("barman.drill.postgresVersion", postgresVersion)
        .map(value -> PostgresArtifact.of(value, session().getSystemProperties()))
        .orElseGet(() -> PostgresArtifact.newest(session().getSystemProperties()));
    return PostgresBinaries.fromJar(artifact.resolve(
        repositorySystem, session().getRepositorySession(), project().getRemoteProjectRepositories()));
  }

  private DrillLimits drillLimits() {
    Map<String, Limits> byScenario = new HashMap<>();
    for (ScenarioLimits limit : limits == null ? List.<ScenarioLimits>of() : limits) {
      byScenario.put(limit.scenario(), limit.limits());
    }
    return new DrillLimits(
        ScenarioLimits.of(
            "barman.maxLostTransactions", maxLostTransactions, "barman.maxRpo", maxRpo, "barman.maxRto", maxRto),
        byScenario);
  }

  private Path directory() {
    return ParameterValue.of("barman.drill.outputDirectory", outputDirectory)
        .map(value -> value.path(baseDirectory()))
        .orElseGet(() -> executionRoot().resolve("target").resolve("barman"));
  }

  private @Nullable Path file(String name, @Nullable String text) {
    return ParameterValue.of(name, text).map(value -> value.path(baseDirectory())).orElse(null);
  }
}
