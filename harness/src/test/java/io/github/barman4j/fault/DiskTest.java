package io.github.barman4j.fault;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.DurableFile;
import io.github.barman4j.fault.DiskFault.Reaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
  @TempDir
  Path folder;

  private Disk disk;
  private Path root;
  private int images;

  @BeforeEach
  void makeDisk() throws IOException {
    Path live = Files.createDirectory(folder.resolve("live"));
    Files.writeString(live.resolve("old"), "old content");
    disk = Disk.of(live, folder.resolve("forced"));
    root = disk.root();
  }

  @Test
  void showsProgramsWhatTheyWroteAndForgetsWhatTheyDidNotForce() throws IOException {
    Files.writeString(root.resolve("new"), "new content");
    Files.writeString(root.resolve("old"), "changed");
    assertThat(Files.readString(root.resolve("new"))).isEqualTo("new content");
    assertThat(folder.resolve("live/old")).hasContent("changed");
    Path left = image();
    assertThat(left.resolve("new")).doesNotExist();
    assertThat(left.resolve("old")).hasContent("old content");
  }

  @Test
  void keepsAFileWhoseContentAndWhoseDirectoryWereForced() throws IOException {
    write("new", "new content", true);
    DurableFile.syncDirectory(root);
    assertThat(image().resolve("new")).hasContent("new content");
  }

  @Test
  void losesAForcedFileWhoseDirectoryWasNot() throws IOException {
    write("new", "new content", true);
    assertThat(image().resolve("new")).doesNotExist();
  }

  @Test
  void keepsOnlyTheNameOfAFileThatWasNotForced() throws IOException {
    write("new", "new content", false);
    DurableFile.syncDirectory(root);
    assertThat(image().resolve("new")).isEmptyFile();
  }

  @Test
  void forcesWhatWasWrittenBeforeAndNothingElse() throws IOException {
    try (FileChannel channel = FileChannel.open(root.resolve("new"), CREATE_NEW, WRITE)) {
      channel.write(ByteBuffer.wrap(bytes("before ")));
      DurableFile.sync(channel, root.resolve("new"));
      channel.write(ByteBuffer.wrap(bytes("after")));
    }
    DurableFile.syncDirectory(root);
    assertThat(image().resolve("new")).hasContent("before ");
  }

  @Test
  void forgetsARenameALinkAndADeletionOfADirectoryThatWasNotForced() throws IOException {
    write("a", "a", true);
    write("b", "b", true);
    DurableFile.syncDirectory(root);
    Files.move(root.resolve("a"), root.resolve("renamed"));
    Files.createLink(root.resolve("linked"), root.resolve("b"));
    Files.delete(root.resolve("b"));
    assertThat(names(image())).containsExactly("a", "b", "old");
    DurableFile.syncDirectory(root);
    Path left = image();
    assertThat(names(left)).containsExactly("linked", "old", "renamed");
    assertThat(left.resolve("linked")).hasContent("b");
    assertThat(left.resolve("renamed")).hasContent("a");
  }

  @Test
  void losesAFileBetweenTwoDirectoriesWhenTheWrongOneIsForced() throws IOException {
    DurableFile.createDirectories(root.resolve("one"));
    DurableFile.createDirectories(root.resolve("two"));
    DurableFile.write(root.resolve("one/file"), bytes("content"));
    Files.move(root.resolve("one/file"), root.resolve("two/file"));
    DurableFile.syncDirectory(root.resolve("one"));
    Path left = image();
    assertThat(left.resolve("one")).isEmptyDirectory();
    assertThat(left.resolve("two")).isEmptyDirectory();
  }

  @Test
  void losesADirectoryWhoseParentWasNotForced() throws IOException {
    Files.createDirectory(root.resolve("inner"));
    DurableFile.write(root.resolve("inner/file"), bytes("content"));
    assertThat(image().resolve("inner")).doesNotExist();
  }

  @Test
  void leavesTheOldOrTheNewContentWheneverThePowerGoes() throws IOException {
    List<DiskCall> calls = new ArrayList<>();
    disk.fault((call, path) -> {
      calls.add(call);
      return Reaction.PROCEED;
    });
    DurableFile.write(root.resolve("old"), bytes("new content"));
    assertThat(calls)
        .containsExactly(
            DiskCall.CREATE,
            DiskCall.LOCK,
            DiskCall.WRITE,
            DiskCall.FORCE_FILE,
            DiskCall.RENAME,
            DiskCall.FORCE_DIRECTORY);
    for (int call = 0; call < calls.size(); call++) {
      Path live = Files.createDirectory(folder.resolve("live-" + call));
      Files.writeString(live.resolve("old"), "old content");
      disk = Disk.of(live, folder.resolve("forced-" + call));
      disk.fault(DiskFault.nth(calls.get(call), ".*", 1, Reaction.LOSE_POWER));
      assertThatThrownBy(() -> DurableFile.write(disk.root().resolve("old"), bytes("new content")))
          .hasMessage("the disk has no power");
      assertThat(image().resolve("old")).hasContent("old content");
      for (int seed = 0; seed < 20; seed++) {
        assertThat(Files.readString(image(seed).resolve("old")))
            .as("power lost before %s, seed %d", calls.get(call), seed)
            .isIn("old content", "new content");
      }
    }
  }

  @Test
  void letsSectorsAndNamesSurviveByChanceAndTheSameOnesForTheSameSeed() throws IOException {
    byte[] old = new byte[8 * 512];
    byte[] changed = old.clone();
    java.util.Arrays.fill(changed, (byte) 1);
    DurableFile.write(root.resolve("file"), old);
    try (FileChannel channel = FileChannel.open(root.resolve("file"), WRITE)) {
      channel.write(ByteBuffer.wrap(changed), 0);
    }
    Files.writeString(root.resolve("new"), "new");
    int torn = 0;
    int named = 0;
    for (int seed = 0; seed < 40; seed++) {
      Path left = image(seed);
      byte[] found = Files.readAllBytes(left.resolve("file"));
      int survived = 0;
      for (int sector = 0; sector < 8; sector++) {
        for (int at = 0; at < 512; at++) {
          assertThat(found[sector * 512 + at]).isEqualTo(found[sector * 512]);
        }
        survived += found[sector * 512];
      }
      torn += survived > 0 && survived < 8 ? 1 : 0;
      named += Files.exists(left.resolve("new")) ? 1 : 0;
      assertThat(image(seed).resolve("file")).hasBinaryContent(found);
    }
    assertThat(torn).isGreaterThan(20);
    assertThat(named).isBetween(5, 35);
  }

  @Test
  void isNothingButDurableWhenItsPowerIsGone() throws IOException {
    write("new", "new", true);
    disk.losePower();
    assertThatThrownBy(() -> Files.readString(root.resolve("old")))
        .hasMessage("the disk has no power");
    assertThatThrownBy(() -> DurableFile.syncDirectory(root)).hasMessage("the disk has no power");
    assertThat(names(image())).containsExactly("old");
  }

  @Test
  void takesWhatFitsAndIsFullThen() throws IOException {
    disk.limit(disk.usedBytes() + 100);
    try (FileChannel channel = FileChannel.open(root.resolve("new"), CREATE_NEW, WRITE)) {
      assertThat(channel.write(ByteBuffer.allocate(150))).isEqualTo(100);
      assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
          .hasMessageContaining("No space left on device");
      assertThat(channel.write(ByteBuffer.allocate(50), 0)).isEqualTo(50);
    }
    assertThatThrownBy(() -> Files.createDirectory(root.resolve("directory")))
        .hasMessageContaining("No space left on device");
    assertThat(Files.getFileStore(root).getUsableSpace()).isZero();
    Files.delete(root.resolve("new"));
    assertThat(Files.getFileStore(root).getUsableSpace()).isEqualTo(100);
    Files.writeString(root.resolve("new"), "fits again");
  }

  @Test
  void forgetsWhatAForceThatFailedWasToForce() throws IOException {
    disk.fault(DiskFault.nth(DiskCall.FORCE_FILE, "new", 1, Reaction.IO_ERROR));
    try (FileChannel channel = FileChannel.open(root.resolve("new"), CREATE_NEW, WRITE)) {
      channel.write(ByteBuffer.wrap(bytes("content")));
      assertThatThrownBy(() -> DurableFile.sync(channel, root.resolve("new")))
          .hasMessageContaining("Input/output error");
      DurableFile.sync(channel, root.resolve("new"));
      DurableFile.syncDirectory(root);
      assertThat(image().resolve("new")).isEmptyFile();
      channel.write(ByteBuffer.wrap(bytes("content")), 0);
      DurableFile.sync(channel, root.resolve("new"));
    }
    assertThat(image().resolve("new")).hasContent("content");
  }

  @Test
  void pretendsToForceWhatItIsToldTo() throws IOException {
    disk.fault(DiskFault.every(DiskCall.FORCE_FILE, "new", Reaction.PRETEND));
    write("new", "content", true);
    write("other", "content", true);
    DurableFile.syncDirectory(root);
    Path left = image();
    assertThat(left.resolve("new")).isEmptyFile();
    assertThat(left.resolve("other")).hasContent("content");
  }

  @Test
  void refusesWhatWouldPassItBy() throws IOException {
    assertThatThrownBy(() -> root.resolve("old").toFile())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> Files.createSymbolicLink(root.resolve("link"), root.resolve("old")))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> Files.writeString(root.resolve("../outside"), ""))
        .isInstanceOf(AccessDeniedException.class);
    try (FileChannel channel = FileChannel.open(root.resolve("old"), READ, WRITE)) {
      assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_WRITE, 0, 1))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  private void write(String name, String content, boolean forced) throws IOException {
    try (FileChannel channel = FileChannel.open(root.resolve(name), CREATE_NEW, WRITE)) {
      channel.write(ByteBuffer.wrap(bytes(content)));
      if (forced) {
        DurableFile.sync(channel, root.resolve(name));
      }
    }
  }

  private Path image() throws IOException {
    Path target = folder.resolve("image-" + images++);
    disk.image(target);
    return target;
  }

  private Path image(long seed) throws IOException {
    Path target = folder.resolve("image-" + images++);
    disk.image(target, seed);
    return target;
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
