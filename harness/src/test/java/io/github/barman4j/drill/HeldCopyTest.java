package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.TaskGroup;
import io.github.barman4j.cluster.Poll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HeldCopyTest {
  private static final int FILES = 40;
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir
  Path folder;

  private HeldCopy copy;
  private Path tables;

  @BeforeEach
  void makeDisk() throws IOException {
    copy = HeldCopy.in(folder.resolve("held"), folder.resolve("forced"));
    tables = Files.createDirectories(copy.place().writtenTo().resolve("base"));
  }

  @Test
  void holdsACopyInTheMiddleUntilItIsLetGoOn() throws IOException {
    try (TaskGroup aside = TaskGroup.of("copy", 1, 0)) {
      Future<Integer> running = aside.submit(() -> copyFiles(tables));
      assertThat(Poll.until(Duration.ofMillis(5), Duration.ofSeconds(20), copy::holds))
          .isTrue();
      assertThat(running).isNotDone();
      Path seen = copy.place().startedOn().resolve("base");
      assertThat(seen.resolve("0")).hasBinaryContent(CONTENT);
      assertThat(seen.resolve(String.valueOf(FILES - 1))).doesNotExist();

      copy.close();

      assertThat(TaskGroup.get(running)).isEqualTo(FILES);
      assertThat(copy.holds()).isFalse();
      assertThat(seen.resolve(String.valueOf(FILES - 1))).hasBinaryContent(CONTENT);
    }
  }

  @Test
  void doesNotHoldACopyThatIsDoneBeforeItsMiddle() throws IOException {
    Files.write(tables.resolve("1"), CONTENT);
    assertThat(copy.holds()).isFalse();
  }

  private static int copyFiles(Path directory) throws IOException {
    for (int i = 0; i < FILES; i++) {
      Files.write(directory.resolve(String.valueOf(i)), CONTENT);
    }
    return FILES;
  }
}
