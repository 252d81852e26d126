package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.fault.DiskCall;
import io.github.barman4j.fault.DiskFault;
import io.github.barman4j.fault.DiskFault.Reaction;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine with one defect each, put there by a double of the disk or of what lies on it: the scenario that is there for it fails. */
@Timeout(180)
class BrokenEngineIT {
  private static final Primary.Settings SMALL_SEGMENTS =
      builder -> builder.initdbOption("--wal-segsize=1");

  @TempDir
  private Path output;

  private List<ScenarioResult> run(Scenario scenario) {
    return scenario.run(
        DrillRequest.builder(new EmbeddedServers(TestPostgres.newest()), output)
            .databaseBytes(4 << 20)
            .warmUp(Duration.ofMillis(200))
            .build(),
        EventSink.NONE);
  }

  private static void assertLost(ScenarioResult result) {
    assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(result.rpo().orElseThrow().lostTransactions()).isPositive();
    assertThat(result.reasons().get(0)).startsWith("lost ").contains("more than the limit of 0");
  }

  /** S33: what is acknowledged before it is forced goes with the power. */
  @Test
  void acknowledgesBeforeTheForce() {
    DiskFault lies = DiskFault.every(DiskCall.FORCE_FILE, "spool/.*", Reaction.PRETEND);
    assertThat(run(new PowerLoss(lies))).first().satisfies(BrokenEngineIT::assertLost);
  }

  /** S01: the commits of the segment that is not complete are the last ones. */
  @Test
  void skipsThePartialSegment() {
    assertThat(run(new KillSynchronous(
            Primary.Settings.NONE,
            stage -> sabotage(() -> stage.host().withholdPartialSegments(stage.path("hidden"))))))
        .singleElement()
        .satisfies(BrokenEngineIT::assertLost)
        .satisfies(result ->
            assertThat(result.rpo().orElseThrow().lostTransactions()).isGreaterThanOrEqualTo(100));
  }

  /** S01: one in the middle is missing, and there is no recovery to the last commit. */
  @Test
  void leavesASegmentInTheMiddleOut() {
    Scenario scenario = new KillSynchronous(
        SMALL_SEGMENTS, stage -> sabotage(() -> stage.host().loseSegment(lastArchived(stage))));
    assertThatThrownBy(() -> run(scenario)).isInstanceOfSatisfying(BarmanException.class, e -> {
      assertThat(e.code()).isEqualTo(ErrorCode.WAL_GAP);
      assertThat(Failures.endsTheDrill(e))
          .as("a failed scenario, not a broken drill")
          .isFalse();
    });
  }

  /** S08: who does not look at a block takes the damaged one for a good one. */
  @Test
  void doesNotVerifyABlock() {
    List<ScenarioResult> results = run(new DamagedBlock((newest, host) -> () -> {}));
    assertThat(results).hasSize(3).allSatisfy(result -> {
      assertThat(result.verdict()).as(result.title()).isEqualTo(Verdict.FAILED);
    });
    assertThat(results.get(0).reasons())
        .anyMatch(reason -> reason.startsWith("check backups-named failed: it names []"));
    assertThat(results.get(1).reasons())
        .anyMatch(reason -> reason.startsWith("check older-backup failed: "))
        .anyMatch(reason -> reason.startsWith("check said-so failed: "));
  }

  private static WalSegment lastArchived(Stage stage) {
    List<WalSegment> all = stage.host().archivedSegments(new WalSegmentSize(1 << 20));
    assertThat(all).hasSizeGreaterThan(1);
    return all.get(all.size() - 1);
  }

  private static Sabotage sabotage(Runnable beforePlan) {
    return new Sabotage() {
      @Override
      public void beforePlan() {
        beforePlan.run();
      }
    };
  }
}
