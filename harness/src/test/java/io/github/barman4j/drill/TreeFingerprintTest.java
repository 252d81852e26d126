package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeFingerprintTest {
  @TempDir
  Path root;

  private TreeFingerprint before;

  @BeforeEach
  void lookAtTheTree() throws IOException {
    Files.createDirectory(root.resolve("folder"));
    Files.writeString(root.resolve("folder/file"), "content");
    before = TreeFingerprint.of(root);
  }

  @Test
  void isTheSameWhenNobodyWrote() throws IOException {
    Files.readString(root.resolve("folder/file"));
    assertThat(TreeFingerprint.of(root).changesSince(before)).isEmpty();
  }

  @Test
  void seesGrowthReplacementComingAndGoing() throws IOException {
    Files.writeString(root.resolve("folder/file"), "x", StandardOpenOption.APPEND);
    assertThat(TreeFingerprint.of(root).changesSince(before)).containsExactly("folder/file");

    Files.createDirectory(root.resolve("new"));
    assertThat(TreeFingerprint.of(root).changesSince(before))
        .containsExactly("folder/file", "new/");

    Files.delete(root.resolve("folder/file"));
    assertThat(TreeFingerprint.of(root).changesSince(before))
        .containsExactly("folder/file", "new/");
  }

  @Test
  void seesARewriteOfTheSameSize() throws IOException {
    Path file = root.resolve("folder/file");
    Files.writeString(file, "CONTENT");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(1)));
    assertThat(TreeFingerprint.of(root).changesSince(before)).containsExactly("folder/file");
  }
}
