package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.cluster.Site;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SitesTest {
  private static final Check LEFT = new Check("nothing-left", false, "still there: folder /x");

  private static final Duration SOON = Duration.ofMillis(100);

  @TempDir
  Path folder;

  @Test
  void seesFoldersAndProcessesThatWereLeft() throws IOException {
    EmbeddedServers servers = new EmbeddedServers(new PostgresBinaries(folder, "18.6"));
    Sites sites = new Sites(servers);
    try (Site site = sites.open(servers)) {
      Path inside = site.newFolder("inside").path();
      Files.writeString(inside.resolve("file"), "");
      Process working =
          new ProcessBuilder("sleep", "600").directory(inside.toFile()).start();
      Process naming = new ProcessBuilder("tail", "-f", inside.resolve("file").toString())
          .redirectErrorStream(true)
          .start();
      try {
        Check check = sites.nothingLeft(SOON);
        assertThat(check.passed()).isFalse();
        assertThat(check.detail())
            .contains("folder " + inside.getParent())
            .contains("process " + working.pid());
        site.close();
        assertThat(sites.nothingLeft(SOON).detail())
            .doesNotContain("folder")
            .contains("process " + working.pid())
            .contains("process " + naming.pid());
      } finally {
        working.destroyForcibly();
        naming.destroyForcibly();
      }
      assertThat(sites.nothingLeft(Duration.ofSeconds(10)))
          .isEqualTo(new Check(
              "nothing-left", true, "no process, file or folder of the drill is there any more"));
    }
  }

  @Test
  void failsARunThatLeftSomething() {
    ScenarioResult passed = ScenarioResult.without("S01", "name", Verdict.PASSED, List.of());
    ScenarioResult judged = Sites.judged(passed, LEFT);
    assertThat(judged.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(judged.checks()).containsExactly(LEFT);
    assertThat(judged.reasons())
        .containsExactly("check nothing-left failed: still there: folder /x");
    ScenarioResult failed = passed.withVerdict(Verdict.FAILED, List.of("BRM-703: broken"));
    assertThat(Sites.judged(failed, LEFT).reasons())
        .containsExactly("BRM-703: broken", "check nothing-left failed: still there: folder /x");
  }

  @Test
  void leavesAVerdictAloneWhenNothingIsLeft() {
    ScenarioResult failed =
        ScenarioResult.without("S01", "name", Verdict.FAILED, List.of("BRM-703: broken"));
    Check fine = new Check("nothing-left", true, "fine");
    assertThat(Sites.judged(failed, fine)).isEqualTo(failed.withChecks(List.of(fine)));
  }
}
