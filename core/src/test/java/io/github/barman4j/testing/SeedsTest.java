package io.github.barman4j.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

class SeedsTest {
  @Test
  void runsOncePerSeedEachWithAnother() {
    assertThat(run("").map(event -> event.getTestDescriptor().getDisplayName()))
        .hasSize(7)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("seed -?\\d+"));
  }

  @Test
  void saysInTheFailureHowToReplayIt() {
    run("").forEach(event -> {
      String seed = event.getTestDescriptor().getDisplayName().substring("seed ".length());
      Throwable failure = failureOf(event);
      assertThat(failure)
          .hasMessage("first " + new SplittableRandom(Long.parseLong(seed)).nextLong());
      assertThat(failure.getSuppressed())
          .extracting(Throwable::getMessage)
          .contains("replay with -Dseed=" + seed);
    });
  }

  @Test
  void replaysOneSeedAlone() {
    List<Event> events = run("42").toList();
    assertThat(events).hasSize(1);
    assertThat(failureOf(events.get(0))).hasMessage("first " + new SplittableRandom(42).nextLong());
  }

  private static Stream<Event> run(String seed) {
    EngineTestKit.Builder kit =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(FailsOnPurpose.class));
    if (!seed.isEmpty()) {
      kit.configurationParameter(SeedsExtension.REPLAY, seed);
    }
    Events tests = kit.execute().testEvents();
    return tests.failed().stream();
  }

  private static Throwable failureOf(Event event) {
    return event.getRequiredPayload(TestExecutionResult.class).getThrowable().orElseThrow();
  }
}
