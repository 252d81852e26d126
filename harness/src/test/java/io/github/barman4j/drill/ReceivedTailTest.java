package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as PostgreSQL runs it. */
class ReceivedTailTest {
  private static final String SEGMENT = "000000010000000000000007";

  @TempDir
  Path folder;

  private ReceivedTail tail;

  @BeforeEach
  void share() throws IOException {
    tail = ReceivedTail.shared(folder.resolve("spool"));
    Files.createDirectory(tail.spool().resolve("recent"));
  }

  @Test
  void copiesASegmentFromWhereverItIs() throws Exception {
    for (String place : List.of(SEGMENT + ".partial", SEGMENT, "recent/" + SEGMENT)) {
      Path file = Files.writeString(tail.spool().resolve(place), place);

      assertThat(restore()).isZero();
      assertThat(Files.readString(folder.resolve("restored"))).isEqualTo(place);
      Files.delete(file);
    }
  }

  @Test
  void saysThatThereIsNone() throws Exception {
    assertThat(restore()).isEqualTo(1);
  }

  private int restore() throws Exception {
    String command = tail.restoreCommand()
        .replace("%f", SEGMENT)
        .replace("%p", folder.resolve("restored").toString());
    return new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
  }
}
