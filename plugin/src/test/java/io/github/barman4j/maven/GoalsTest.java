package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every goal promises, read from the generated plugin.xml. */
class GoalsTest {

  @Test
  void areThese() {
    assertThat(GoalCall.descriptor().getMojos())
        .extracting(MojoDescriptor::getGoal)
        .containsExactlyInAnyOrder(
            "archive-wal",
            "backup",
            "change-passphrase",
            "check",
            "delete",
            "drill",
            "heal-backup",
            "help",
            "list-backups",
            "list-files",
            "receive-wal",
            "recoverable",
            "report",
            "report-aggregate",
            "restore",
            "show-backup",
            "status",
            "switch-wal",
            "verify-backup");
  }

  @ParameterizedTest
  @MethodSource("goals")
  void runAnywhereOnceAndInParallelBuilds(MojoDescriptor goal) {
    assertThat(goal.isProjectRequired()).isFalse();
    assertThat(goal.isThreadSafe()).isTrue();
    assertThat(goal.isAggregator()).isTrue();
    assertThat(expressions(goal)).contains("${barman.skip}");
  }

  @ParameterizedTest
  @MethodSource("goals")
  void keepSecretsOutOfTheirParameters(MojoDescriptor goal) {
    assertThat(expressions(goal))
        .doesNotContain("${barman.password}", "${barman.encryptionPassphrase}");
  }

  @ParameterizedTest
  @MethodSource("goals")
  void defaultToNothingThatOnlyAProjectHas(MojoDescriptor goal) {
    PlexusConfiguration parameters = goal.getMojoConfiguration();
    for (int i = 0; i < parameters.getChildCount(); i++) {
      String fallback = parameters.getChild(i).getAttribute("default-value");
      assertThat(fallback == null || !fallback.startsWith("${project.")).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backup",
        "restore",
        "receive-wal",
        "drill",
        "switch-wal",
        "archive-wal",
        "verify-backup",
        "heal-backup",
        "change-passphrase",
        "delete"
      })
  void canShowThePlanOfAChange(String goal) {
    assertThat(expressions(GoalCall.descriptor().getMojo(goal))).contains("${barman.dryRun}");
  }

  private static Stream<MojoDescriptor> goals() {
    return GoalCall.descriptor().getMojos().stream()
        .filter(goal -> !goal.getGoal().equals("help"));
  }

  private static List<String> expressions(MojoDescriptor goal) {
    PlexusConfiguration parameters = goal.getMojoConfiguration();
    return Stream.of(parameters.getChildren())
        .map(child -> String.valueOf(child.getValue()))
        .toList();
  }
}
