package io.github.barman4j.junit;

import static io.github.barman4j.junit.DrillAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.testkit.engine.EventConditions.abortedWithReason;
import static org.junit.platform.testkit.engine.EventConditions.displayName;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedSuccessfully;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.github.barman4j.BarmanException;
import io.github.barman4j.drill.Breakable;
import io.github.barman4j.drill.DrillStage;
import io.github.barman4j.drill.Faults;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.DrillReport;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.opentest4j.AssertionFailedError;

class DisasterDrillTest {
  @TempDir
  Path reports;

  /** What users write; run by the tests below. */
  static final class Samples {
    @DisasterDrill(
        scenario = "S01",
        maxRto = "PT0.001S",
        databaseMegabytes = 1,
        warmUp = "PT0S",
        writers = 2)
    void breached(DrillReport report) {
      throw new IllegalStateException("the method must not be run after a breach: " + report);
    }

    @DisasterDrill(databaseMegabytes = 1, warmUp = "PT0S", writers = 2)
    void handsOn(DrillStage stage, Faults faults) {
      stage.startReceiver(DrillStage.Receiving.SYNCHRONOUS);
      stage.startLoad();
      stage.backup();
      stage.awaitCommits(20);
      faults.inject(new Fault.KillServer());
      assertThat(stage.recoverLatest()).passed().lostNoAcknowledgedCommit();
    }

    @DisasterDrill(databaseMegabytes = 1, warmUp = "PT0S")
    void comparesNothing(DrillStage stage) {
      stage.backup();
    }

    @DisasterDrill(breakable = Breakable.CLOCK)
    void withItsOwnClock(DrillStage stage) {
      throw new IllegalStateException("the method must not be run: " + stage);
    }

    @DisasterDrill(scenario = "S01", breakable = Breakable.CLOCK)
    void breakableForACatalogue() {}

    @DisasterDrill
    void withoutScenario() {}

    @DisasterDrill(scenario = "S01")
    void withScenarioAndStage(DrillStage stage) {
      throw new IllegalStateException(stage.toString());
    }

    @DisasterDrill(scenario = "S99")
    void unknown() {}

    @DisasterDrill(scenario = "S01", environment = "moon")
    void elsewhere() {}

    @DisasterDrill(scenario = "S01", environment = "docker")
    void inSomeContainer() {}

    @DisasterDrill(scenario = "S01", maxRto = "soon")
    void soon() {}

    @DisasterDrill(scenario = "S01", maxRpo = "-PT1S")
    void negative() {}

    @DisasterDrill(scenario = "S01", postgres = "15")
    void other() {}

    @DisasterDrill(scenario = "S01", writers = 0)
    void nobody() {}

    @DisasterDrill(repeat = 2)
    void twice(DrillStage stage) {
      throw new IllegalStateException(stage.toString());
    }

    @DisasterDrill(scenario = "absent.yaml")
    void absentFile() {}
  }

  @Test
  void failsWithTheGoalsFirstLineBeforeTheMethodIsRun() {
    EngineExecutionResults results = run("breached", DrillReport.class.getName());
    results
        .testEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                test(),
                displayName("S01 kill-primary-synchronous, PostgreSQL 18.6"),
                finishedWithFailure(
                    instanceOf(AssertionFailedError.class),
                    message(
                        text -> text.matches(
                            "(?s)BRM-704: S01 kill-primary-synchronous: the recovery"
                                + " took [0-9.]+ s, [0-9.]+ s longer than the limit of 0.00 s\nHINT: see .*")))));
    assertThat(folder("breached").resolve("drill.json")).isNotEmptyFile();
    assertThat(folder("breached").resolve("drill.html")).isNotEmptyFile();
  }

  @Test
  void judgesWhatAMethodBreaksItself() {
    run("handsOn", DrillStage.class.getName() + ", " + Faults.class.getName())
        .testEvents()
        .assertThatEvents()
        .haveExactly(1, event(test(), displayName("PostgreSQL 18.6"), finishedSuccessfully()));
    assertThat(folder("handsOn").resolve("drill.json"))
        .content()
        .contains("\"id\" : \"Samples.handsOn\"", "\"passed\"");
  }

  @Test
  void abortsWithTheReasonWhereAStageCannotBeBroken() {
    run("withItsOwnClock", DrillStage.class.getName())
        .testEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                test(),
                abortedWithReason(
                    message(
                        containing(
                            "Samples.withItsOwnClock with-its-own-clock was not run: processes of this machine have its clock")))));
    assertThat(folder("withItsOwnClock").resolve("drill.json")).content().contains("\"skipped\"");
  }

  @Test
  void failsWhenAMethodComparesNothing() {
    run("comparesNothing", DrillStage.class.getName())
        .testEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                test(),
                finishedWithFailure(
                    instanceOf(AssertionFailedError.class),
                    message(
                        containing(
                            "BRM-704: Samples.comparesNothing compares-nothing: nothing was recovered")))));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      withoutScenario      |            | BRM-701: @DisasterDrill of withoutScenario names no scenario
      withScenarioAndStage | DrillStage | BRM-701: @DisasterDrill of withScenarioAndStage names a scenario, and
      unknown              |            | BRM-701: there is no scenario 'S99'
      elsewhere            |            | BRM-701: @DisasterDrill of elsewhere has environment = 'moon'
      inSomeContainer      |            | BRM-701: @DisasterDrill of inSomeContainer has postgres = ''
      soon                 |            | BRM-701: @DisasterDrill of soon has maxRto = 'soon'
      negative             |            | BRM-701: @DisasterDrill of negative has maxRpo = '-PT1S'
      other                |            | BRM-702: PostgreSQL 15 is not on the test's class path, but 18.6
      nobody               |            | BRM-701: 0 writers cannot be drilled
      twice                | DrillStage | BRM-701: @DisasterDrill of twice has repeat = '2'
      breakableForACatalogue |          | BRM-701: @DisasterDrill of breakableForACatalogue has breakable = '[CLOCK]'
      absentFile           |            | BRM-701: the scenario file absent.yaml does not exist
      """)
  void saysWhatIsWrongBeforeAnythingIsStarted(String method, String parameter, String said) {
    String parameters = parameter == null ? "" : DrillStage.class.getName();
    EngineExecutionResults results = run(method, parameters);
    results.testEvents().assertStatistics(statistics -> statistics.started(0));
    results
        .containerEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                finishedWithFailure(instanceOf(BarmanException.class), message(containing(said)))));
  }

  @Test
  void takesTheProgramsFromANamedFolder() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectMethod(Samples.class, "other"))
        .configurationParameter("barman.drill.postgresBin", reports.toString())
        .execute()
        .containerEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(finishedWithFailure(
                message(containing("BRM-702: there is no program initdb in " + reports)))));
  }

  /** Each says by its refusal that it has arrived. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      toxiproxyServer | BRM-701: the network cannot be broken with own:1: it does not exist
      toxiproxyImage  | BRM-701: barman.drill.toxiproxyImage is set, and the drill's servers are not in containers
      """)
  void takesWhatBreaksTheNetworkFromAParameter(String parameter, String said) {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectMethod(Samples.class, "breached", DrillReport.class.getName()))
        .configurationParameter("barman.drill." + parameter, "own:1")
        .execute()
        .containerEvents()
        .assertThatEvents()
        .haveExactly(1, event(finishedWithFailure(message(containing(said)))));
  }

  private static Predicate<String> containing(String part) {
    return text -> text.contains(part);
  }

  private EngineExecutionResults run(String method, String parameters) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectMethod(Samples.class, method, parameters))
        .configurationParameter("barman.drill.outputDirectory", reports.toString())
        .execute();
  }

  private Path folder(String method) {
    return reports.resolve(Samples.class.getName().replace('$', '.') + "." + method);
  }
}
