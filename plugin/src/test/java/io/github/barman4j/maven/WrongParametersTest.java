package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every wrong parameter ends the goal before it does anything, with a code, what is wrong, and a hint. */
class WrongParametersTest {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backup | barman.server=x | BRM-101: no server is named",
        "backup | barman.maxRate=5X | BRM-102: barman.maxRate is '5X', which is not a size",
        "backup | barman.dryRun=yes | BRM-102: barman.dryRun is 'yes', which is neither true nor false",
        "backup | barman.method=magic | BRM-102: barman.method is 'magic', which is not a value of it",
        "backup | barman.compressionLevel=99 | BRM-102: compression level 99 is not allowed",
        "check | barman.url=jdbc:postgresql://localhost/x?password=hunter2 | BRM-101: barman.url holds a secret",
        "check | barman.url=jdbc:postgresql://localhost/x barman.serverId=none | BRM-101: settings.xml has no server 'none'",
        "list-backups | barman.repository=s3://bucket/x | BRM-101: the repository 's3:…' is of a kind that this release cannot use",
        "list-backups | barman.output=xml | BRM-102: barman.output is 'xml', which is not a value of it",
        "restore | barman.backup=latest | BRM-101: no directory is named",
        "restore | barman.targetTime= | BRM-102: barman.targetTime is empty",
        "restore | barman.targettime=2026-01-01T00:00:00Z | BRM-101: no goal has a property barman.targettime",
        "restore | barman.targetTime=2026-01-01T00:00:00 | BRM-602: the target time '2026-01-01T00:00:00' has no zone",
        "restore | barman.tablespaces=a=relative | BRM-102: barman.tablespaces is 'a=relative'",
        "receive-wal | barman.receive.duration=30s | BRM-102: barman.receive.duration is '30s', which is not a duration",
        "receive-wal | barman.receive.keepSegments=-1 | BRM-102: barman.receive.keepSegments is '-1', which is not a whole number",
        "receive-wal | barman.receive.keepSegments=10001 | BRM-102: 10001 segments cannot be kept for standbys",
        "drill | barman.drill.scenarios=absent.yaml | BRM-701: the scenario file ",
        "drill | barman.drill.scenarios=S01,S99 | BRM-701: there is no scenario 'S99'",
        "drill | barman.drill.postgresVersion=14 | BRM-102: barman.drill.postgresVersion is '14'",
        "drill | barman.drill.environment=podman | BRM-102: barman.drill.environment is 'podman', which is not a value of it",
        "drill | barman.drill.postgresImage=own:1 | BRM-101: barman.drill.postgresImage is set, and barman.drill.environment is not docker",
        "drill | barman.drill.environment=docker barman.drill.postgresImage=own:1 barman.drill.postgresBin=none | BRM-101: both barman.drill.postgresImage and barman.drill.postgresBin are set",
        "drill | barman.maxRto=10s | BRM-102: barman.maxRto is '10s', which is not a duration",
        "drill | barman.drill.scenarios=R01 barman.repository=repository | BRM-301: there is no repository at",
        "drill | barman.drill.scenarios=R01,S01 barman.repository=repository | BRM-101: R01 is not run together with other scenarios",
        "drill | barman.repository=none barman.maxLostTransactions=0 | BRM-701: lost commits cannot be counted",
        "drill | barman.repository=none barman.drill.checkDatabase=shop | BRM-701: barman.drill.checkDatabase is 'shop'",
        "drill | barman.repository=none barman.drill.checkScript=none.sql | BRM-701: the script",
        "drill | barman.repository=none barman.drill.postgresVersion=17 | BRM-101: barman.drill.postgresVersion",
        "drill | barman.repository=none barman.server=No | BRM-101: the server's name 'No' is not allowed",
        "drill | barman.drill.toxiproxyServer=none | BRM-701: the network cannot be broken with ",
        "drill | barman.drill.toxiproxyImage=own:1 | BRM-701: barman.drill.toxiproxyImage is set, and the drill's servers are not in containers",
        "drill | barman.drill.environment=docker barman.drill.toxiproxyImage=own:1 barman.drill.toxiproxyServer=none | BRM-701: both barman.drill.toxiproxyServer and barman.drill.toxiproxyImage are set",
        "drill | barman.drill.postgresBin=none | BRM-702: there is no program initdb in"
      })
  void endTheGoalWithACodeAndAHint(String goal, String properties, String problem)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(properties.split(" ")));
    if (!properties.contains("barman.repository") && !goal.equals("drill")) {
      all.add("barman.repository=repository");
    }
    if (goal.equals("backup") && !properties.contains("barman.server=")) {
      all.add("barman.url=jdbc:postgresql://localhost:1/x");
    }
    if (goal.equals("restore") && !properties.contains("barman.backup=")) {
      all.add("barman.restoreTo=restored");
    }
    assertThatThrownBy(() -> new GoalCall(goal, folder, all.toArray(String[]::new)).run())
        .isInstanceOf(MojoExecutionException.class)
        .hasMessageStartingWith(problem)
        .hasMessageContaining("\nHINT: ");
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void areNotLookedAtWhenTheGoalIsSkipped() throws Exception {
    GoalCall call = new GoalCall("backup", folder, "barman.skip=true", "barman.maxRate=5X");
    call.run();
    assertThat(call.log.lines)
        .containsExactly("INFO barman:backup is skipped: barman.skip is true");
  }
}
