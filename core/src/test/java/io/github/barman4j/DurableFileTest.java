package io.github.barman4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir
  Path directory;

  private Path target;

  @BeforeEach
  void chooseTarget() {
    target = directory.resolve("target");
  }

  @Test
  void isInvisibleUntilCommitted() throws IOException {
    try (DurableFile file = DurableFile.create(target)) {
      file.out().write(bytes("whole"));
      assertThat(target).doesNotExist();
      file.commit();
    }
    assertThat(target).hasContent("whole");
    assertThat(names()).containsExactly("target");
  }

  @Test
  void leavesNothingWhenClosedWithoutCommit() throws IOException {
    Files.writeString(target, "old");
    try (DurableFile file = DurableFile.create(target)) {
      file.out().write(bytes("half"));
    }
    assertThat(target).hasContent("old");
    assertThat(names()).containsExactly("target");
  }

  @Test
  void commitIfAbsentLeavesAnExistingFileAlone() throws IOException {
    Files.writeString(target, "first");
    try (DurableFile file = DurableFile.create(target)) {
      file.out().write(bytes("second"));
      assertThat(file.commitIfAbsent()).isFalse();
    }
    assertThat(target).hasContent("first");
    assertThat(names()).containsExactly("target");
  }

  @Test
  void commitIfAbsentCreatesAFileThatIsNotThere() throws IOException {
    try (DurableFile file = DurableFile.create(target)) {
      file.out().write(bytes("first"));
      assertThat(file.commitIfAbsent()).isTrue();
    }
    assertThat(target).hasContent("first");
    assertThat(names()).containsExactly("target");
  }

  @Test
  void syncsTheFileBeforeItRenamesAndTheDirectoryAfter() throws IOException {
    List<PersistencePoint> steps =
        RecordingObserver.record(() -> DurableFile.write(target, bytes("x")));
    assertThat(steps)
        .containsExactly(
            PersistencePoint.CREATE_TEMPORARY,
            PersistencePoint.WRITE,
            PersistencePoint.SYNC_FILE,
            PersistencePoint.RENAME,
            PersistencePoint.SYNC_DIRECTORY);
  }

  @Test
  void makesEveryNewDirectoryDurableInItsParent() throws IOException {
    Path deep = directory.resolve("a/b/c");
    List<PersistencePoint> steps =
        RecordingObserver.record(() -> DurableFile.createDirectories(deep));
    assertThat(deep).isDirectory();
    assertThat(steps)
        .containsExactly(
            PersistencePoint.CREATE_DIRECTORY, PersistencePoint.SYNC_DIRECTORY,
            PersistencePoint.CREATE_DIRECTORY, PersistencePoint.SYNC_DIRECTORY,
            PersistencePoint.CREATE_DIRECTORY, PersistencePoint.SYNC_DIRECTORY);
    DurableFile.createDirectories(deep);
  }

  @Test
  void refusesToCommitTwice() throws IOException {
    try (DurableFile file = DurableFile.create(target)) {
      file.commit();
      assertThatThrownBy(file::commit).isInstanceOf(IllegalStateException.class);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
