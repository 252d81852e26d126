package io.github.barman4j.it;

import io.github.barman4j.fault.ToxiproxyServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The toxiproxy-server on this machine's PATH. */
public final class TestToxiproxy {
  private TestToxiproxy() {}

  /** Skips the test, with the reason, where there is none, unless {@code BARMAN_REQUIRE} lists {@code toxiproxy}. */
  public static Path require() {
    Optional<Path> program = ToxiproxyServer.onPath(System.getenv("PATH"));
    if (program.isEmpty()) {
      String why = "there is no toxiproxy-server on the PATH: .ci/run builds it, and says how";
      if (required()) {
        return Assertions.fail(why + "; BARMAN_REQUIRE says that it must be here");
      }
      Assumptions.abort(why);
    }
    return program.orElseThrow();
  }

  private static boolean required() {
    String required = System.getenv("BARMAN_REQUIRE");
    return required != null && List.of(required.split(",")).contains("toxiproxy");
  }

  /** How many of them are children of this process. */
  public static long running() {
    return ProcessHandle.current()
        .descendants()
        .filter(child -> child
            .info()
            .command()
            .filter(text -> text.endsWith("toxiproxy-server"))
            .isPresent())
        .count();
  }
}
