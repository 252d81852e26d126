package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Maven makes of a wrong parameter: exit code 1, the message with its code first, the hint below it, nothing written. */
class WrongParametersIT {
  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backup | -Dbarman.maxRate=5X | BRM-102: barman.maxRate is '5X', which is not a size",
        "restore | -Dbarman.targetTime= | BRM-102: barman.targetTime is empty",
        "list-backups | -Dbarman.otuput=json | BRM-101: no goal has a property barman.otuput",
        "drill | -Dbarman.drill.scenarios=S99 | BRM-701: there is no scenario 'S99'"
      })
  void failsTheBuild(String goal, String argument, String problem) throws Exception {
    MavenCall.Result result = MavenCall.of(folder, goal, argument)
        .with(
            "-Dbarman.url=jdbc:postgresql://localhost:1/x",
            "-Dbarman.repository=repository",
            "-Dbarman.restoreTo=restored")
        .run();
    assertThat(result.exitCode()).as(result.end()).isEqualTo(1);
    assertThat(result.firstErrorLine()).startsWith(problem);
    assertThat(result.output()).contains("[ERROR] HINT: ");
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }
}
