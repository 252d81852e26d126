package io.github.barman4j.it.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillLimits;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Phase;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillIT {
  @TempDir
  Path output;

  @TempDir
  Path scripts;

  /** Data directories of the servers that ran, as their command lines told. */
  private final Set<Path> dataDirectories = ConcurrentHashMap.newKeySet();

  @AfterEach
  void leavesNothing() {
    assertThat(servers()).isEmpty();
    assertThat(dataDirectories).isNotEmpty().allSatisfy(folder -> {
      assertThat(folder).doesNotExist();
      assertThat(folder.getParent()).doesNotExist();
    });
  }

  @Test
  void losesNothingToAKillWithASynchronousReceiver() throws IOException {
    Path init = script(
        "init.sql",
        "CREATE TABLE users AS SELECT g AS id FROM generate_series(1, 9) g;\nVACUUM users;");
    Path check = script(
        "check.sql",
        "SELECT * FROM users WHERE id > 9;\nSELECT 1 WHERE (SELECT count(*) FROM users) <> 9");
    DrillReport report = drill(request(TestPostgres.newest(), "S01")
        .initScript(init)
        .checkScript(check)
        .build());

    ScenarioResult result = only(report);
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(result.rpo()).hasValueSatisfying(rpo -> {
      assertThat(rpo.acknowledged()).isGreaterThanOrEqualTo(1000);
      assertThat(rpo.lostTransactions()).isZero();
      assertThat(rpo.bytes()).isZero();
      assertThat(rpo.time()).isZero();
    });
    assertThat(result.rto()).hasValueSatisfying(rto -> {
      assertThat(rto.phases())
          .extracting(Phase::name)
          .containsExactly(
              "detect",
              "plan",
              "restore",
              "start",
              "consistent",
              "replay",
              "open",
              "read",
              "write");
      assertThat(rto.phases()).allMatch(phase -> !phase.took().isNegative());
    });
    assertThat(result.restored()).hasValueSatisfying(restored -> {
      assertThat(restored.bytes()).isGreaterThan(20_000_000);
      assertThat(restored.walSegments()).isPositive();
      assertThat(restored.timeline()).isEqualTo(2);
    });
    assertThat(result.checks())
        .extracting(Check::name)
        .containsExactly(
            "ledger",
            "tables",
            "amcheck",
            "checksums",
            "script",
            "isolation",
            "repository",
            "nothing-left");

    JsonNode json = new ObjectMapper().readTree(output.resolve("drill.json").toFile());
    assertThat(json.at("/environment/postgres").asText())
        .isEqualTo(TestPostgres.newest().version());
    assertThat(json.at("/scenarios/0/rpo/lostTransactions").asLong(-1)).isZero();
    assertThat(json.at("/scenarios/0/figures/acknowledgedAfterBackup").asLong())
        .isGreaterThanOrEqualTo(1000);
    assertThat(json.at("/scenarios/0/figures/acknowledgedInPartialSegment").asLong())
        .isGreaterThanOrEqualTo(100);
    assertThat(output.resolve("drill.md")).exists();
    assertThat(output.resolve("TEST-barman.drill.xml")).exists();
  }

  @Test
  void losesNoMoreThanTheLagOfAnAsynchronousReceiver() {
    ScenarioResult result = only(drill(request(TestPostgres.oldest(), "S02").build()));
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(result.rpo()).hasValueSatisfying(rpo -> {
      assertThat(rpo.lostTransactions()).isPositive();
      assertThat(rpo.nonPrefixLoss()).isZero();
      assertThat(rpo.time()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
    });
  }

  @Test
  void bringsADroppedTableBackByEveryKindOfTarget() {
    DrillReport report = drill(request(TestPostgres.newest(), "S05").build());
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .extracting(result -> result.variant().orElseThrow())
        .containsExactly("xid", "lsn", "time", "name");
    assertThat(report.scenarios()).allSatisfy(result -> {
      assertThat(result.reasons()).isEmpty();
      assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
      assertThat(result.rpo().orElseThrow().overshoot()).isZero();
    });
  }

  @Test
  void canFail() {
    DrillReport report = drill(request(TestPostgres.oldest(), "S30").build());
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .extracting(result -> result.variant().orElseThrow())
        .containsExactly("lost-row", "withheld-segment", "held-up");
    assertThat(report.scenarios()).allSatisfy(result -> {
      assertThat(result.reasons()).singleElement().asString().startsWith("as it must");
      assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
    });
  }

  @Test
  void saysWhichLimitWasBrokenAndWhichCheckFailed() throws IOException {
    Limits limits = Limits.ofRto(Duration.ofMillis(1));
    DrillReport report = drill(request(TestPostgres.newest(), "kill-primary-synchronous")
        .checkScript(script("check.sql", "SELECT 'unwanted'"))
        .limits(new DrillLimits(Limits.NONE, Map.of("S01", limits)))
        .build());
    assertThat(report.firstBreach())
        .hasValueSatisfying(
            text -> assertThat(text)
                .matches(
                    "S01 kill-primary-synchronous: the recovery took .* s longer than the limit of 0.00 s"));
    assertThat(only(report).reasons())
        .last()
        .isEqualTo("check script failed: 'SELECT 'unwanted'' returns (unwanted)");
  }

  @Test
  void cleansUpWhenItIsInterrupted() {
    DrillRequest request = request(TestPostgres.newest(), "S01").build();
    Thread drill = Thread.currentThread();
    assertThatThrownBy(() -> Drill.run(request, event -> {
          noteServers();
          if (event instanceof Event.Info info && info.text().contains("taken under load")) {
            drill.interrupt();
          }
        }))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(output).isEmptyDirectory();
  }

  private DrillReport drill(DrillRequest request) {
    return Drill.run(request, event -> noteServers());
  }

  private DrillRequest.Builder request(PostgresBinaries binaries, String scenario) {
    return DrillRequest.builder(new EmbeddedServers(binaries), output)
        .scenarios(List.of(scenario))
        .databaseBytes(4 << 20)
        .warmUp(Duration.ofMillis(200));
  }

  private Path script(String name, String text) throws IOException {
    return Files.writeString(scripts.resolve(name), text);
  }

  private static ScenarioResult only(DrillReport report) {
    assertThat(report.scenarios()).hasSize(1);
    return report.scenarios().get(0);
  }

  private void noteServers() {
    for (ProcessHandle server : servers()) {
      String[] arguments = server.info().arguments().orElse(new String[0]);
      for (int i = 0; i + 1 < arguments.length; i++) {
        if (arguments[i].equals("-D")) {
          dataDirectories.add(Path.of(arguments[i + 1]));
        }
      }
    }
  }

  private static Set<ProcessHandle> servers() {
    Set<ProcessHandle> servers = new HashSet<>();
    ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains("postgres"))
        .forEach(servers::add);
    return servers;
  }
}
