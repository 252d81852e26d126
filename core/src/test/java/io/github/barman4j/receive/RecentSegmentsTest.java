package io.github.barman4j.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentSegmentsTest {
  private static final String FIRST = "000000010000000000000001";
  private static final String SECOND = "000000010000000000000002";
  private static final String ON_NEXT_TIMELINE = "000000020000000000000002";

  @TempDir
  Path spool;

  private RecentSegments two;

  @BeforeEach
  void prepare() throws IOException {
    two = new RecentSegments(spool, 2);
    two.prepare(spool);
  }

  @Test
  void keepsTheNewestByTimelineAndPosition() throws IOException {
    retire(two, ON_NEXT_TIMELINE, SECOND, FIRST);

    assertThat(kept()).containsExactly(SECOND, ON_NEXT_TIMELINE);
    assertThat(Files.readString(recent().resolve(SECOND))).isEqualTo(SECOND);
    assertThat(spool.resolve(SECOND)).doesNotExist();
  }

  @Test
  void removesWhatIsNotToBeKept() throws IOException {
    retire(new RecentSegments(spool, 0), FIRST);

    assertThat(spool.resolve(FIRST)).doesNotExist();
    assertThat(kept()).isEmpty();
  }

  @Test
  void forgetsWhatAnEarlierReceiverKept() throws IOException {
    retire(two, FIRST, SECOND);

    new RecentSegments(spool, 1).prepare(spool);
    assertThat(kept()).containsExactly(SECOND);

    new RecentSegments(spool, 0).prepare(spool);
    assertThat(recent()).doesNotExist();
  }

  @Test
  void goesOnWhereTheFileHasLeftTheSpoolBeforeAFailure() throws IOException {
    retire(two, FIRST);

    assertThatCode(() -> two.retire(spool.resolve(FIRST))).doesNotThrowAnyException();
    assertThat(kept()).containsExactly(FIRST);
  }

  @Test
  void leavesFilesOfOthersAlone() throws IOException {
    Files.writeString(recent().resolve("notes.txt"), "of the administrator");

    retire(two, FIRST, SECOND, ON_NEXT_TIMELINE);

    assertThat(kept()).containsExactly(SECOND, ON_NEXT_TIMELINE, "notes.txt");
  }

  @Test
  void letsThoseReadTheFolderWhoMayReadTheSpool() throws IOException {
    Path shared = Files.createDirectory(spool.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-x---"));

    new RecentSegments(shared, 1).prepare(shared);

    assertThat(PosixFilePermissions.toString(
            Files.getPosixFilePermissions(shared.resolve(RecentSegments.FOLDER))))
        .isEqualTo("rwxr-x---");
  }

  private void retire(RecentSegments recent, String... names) throws IOException {
    for (String name : names) {
      recent.retire(Files.writeString(spool.resolve(name), name));
    }
  }

  private Path recent() {
    return spool.resolve(RecentSegments.FOLDER);
  }

  private List<String> kept() throws IOException {
    try (Stream<Path> files = Files.list(recent())) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
