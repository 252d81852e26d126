package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every wrong parameter ends the goal before it does anything, with a code, what is wrong, and a hint. */
class WrongParametersIT {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backup | -Dbarman.server=x | BRM-101: no server is named",
        "backup | -Dbarman.maxRate=5X | BRM-102: barman.maxRate is '5X', which is not a size",
        "backup | -Dbarman.dryRun=yes | BRM-102: barman.dryRun is 'yes', which is neither true nor false",
        "backup | -Dbarman.method=magic | BRM-102: barman.method is 'magic', which is not a value of it",
        "backup | -Dbarman.compressionLevel=99 | BRM-102: compression level 99 is not allowed",
        "check | -Dbarman.url=jdbc:postgresql://localhost/x?password=hunter2 | BRM-101: barman.url holds a secret",
        "check | -Dbarman.url=jdbc:postgresql://localhost/x -Dbarman.serverId=none | BRM-101: settings.xml has no server 'none'",
        "list-backups | -Dbarman.repository=s3://bucket/x | BRM-101: the repository 's3:…' is of a kind that this release cannot use",
        "list-backups | -Dbarman.output=xml | BRM-102: barman.output is 'xml', which is not a value of it",
        "restore | -Dbarman.backup=latest | BRM-101: no directory is named",
        "restore | -Dbarman.targetTime= | BRM-102: barman.targetTime is empty",
        "restore | -Dbarman.targettime=2026-01-01T00:00:00Z | BRM-101: no goal has a property barman.targettime",
        "restore | -Dbarman.targetTime=2026-01-01T00:00:00 | BRM-602: the target time '2026-01-01T00:00:00' has no zone",
        "restore | -Dbarman.tablespaces=a=relative | BRM-102: barman.tablespaces is 'a=relative'",
        "receive-wal | -Dbarman.receive.duration=30s | BRM-102: barman.receive.duration is '30s', which is not a duration",
        "drill | -Dbarman.drill.postgresVersion=14 | BRM-102: barman.drill.postgresVersion is '14'",
        "drill | -Dbarman.drill.scenarios=S99 | BRM-7"
      })
  void endsWithACodeAndAHint(String goal, String arguments, String problem) throws Exception {
    MavenCall call = MavenCall.of(folder, goal).with(arguments.split(" "));
    if (goal.equals("backup") && !arguments.contains("barman.server=")) {
      call.with("-Dbarman.url=jdbc:postgresql://localhost:1/x");
    }
    if (goal.equals("restore") && !arguments.contains("barman.backup=")) {
      call.with("-Dbarman.restoreTo=restored");
    }
    if (!arguments.contains("barman.repository")) {
      call.with("-Dbarman.repository=repository");
    }
    MavenCall.Result result = call.run();
    assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
    assertThat(result.firstErrorLine()).contains(problem);
    assertThat(result.output()).contains("HINT: ").doesNotContain("unexpected");
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }
}
