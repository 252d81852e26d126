package io.github.barman4j.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ToxiproxyServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir
  Path folder;

  @Test
  void findsTheFirstProgramOfItsNameOnThePath() throws IOException {
    Path one = Files.createDirectory(folder.resolve("one"));
    Path two = Files.createDirectory(folder.resolve("two"));
    Path three = Files.createDirectory(folder.resolve("three"));
    Files.createDirectory(one.resolve("toxiproxy-server"));
    Files.writeString(two.resolve("toxiproxy-server"), "not executable");
    Path program = script(three.resolve("toxiproxy-server"), "exit 0");
    assertThat(ToxiproxyServer.onPath(one + "::" + two + ":" + three)).contains(program);
    assertThat(ToxiproxyServer.onPath(one + ":" + two)).isEmpty();
    assertThat(ToxiproxyServer.onPath(null)).isEqualTo(Optional.empty());
  }

  @Test
  void refusesWhatIsNoProgram() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "text");
    assertFails(
        ErrorCode.DRILL_CONFIGURATION,
        () -> ToxiproxyServer.start(folder.resolve("absent")),
        "does not exist",
        "barman.drill.toxiproxyServer");
    assertFails(
        ErrorCode.DRILL_CONFIGURATION, () -> ToxiproxyServer.start(folder), "is not a file");
    assertFails(
        ErrorCode.DRILL_CONFIGURATION, () -> ToxiproxyServer.start(plain), "is not executable");
  }

  @Test
  void saysWhatAProgramSaidThatDiedAtOnce() throws IOException {
    Path program = script(folder.resolve("dies"), "echo 'no such option' >&2; exit 7");
    assertFails(
        ErrorCode.DRILL_NETWORK,
        () -> ToxiproxyServer.start(program),
        "ended at once, with exit code 7",
        "no such option");
  }

  @Test
  void saysThatAFileIsNoProgramForThisMachine() throws IOException {
    Path program = script(folder.resolve("foreign"), "");
    Files.writeString(program, "#!/no/such/interpreter\n");
    assertFails(ErrorCode.DRILL_NETWORK, () -> ToxiproxyServer.start(program), "could not be run");
  }

  /** Somebody else answers at the port while the program itself has died of it. */
  @Test
  void doesNotTakeAnothersAnswerForThePrograms() throws IOException {
    Path program = script(folder.resolve("dies"), "echo 'address already in use'; exit 1");
    try (FakeToxiproxy other = FakeToxiproxy.start("2.12.0", true).silentWhile(program)) {
      assertFails(
          ErrorCode.DRILL_NETWORK,
          () -> ToxiproxyServer.start(program, other.port(), PATIENCE),
          "ended at once",
          "address already in use");
    }
  }

  @Test
  void givesUpAProgramThatNeverAnswersAndEndsIt() throws IOException {
    Path pid = folder.resolve("pid");
    Path program = script(folder.resolve("hangs"), "echo $$ > " + pid + "; exec tail -f /dev/null");
    assertFails(
        ErrorCode.DRILL_NETWORK,
        () -> ToxiproxyServer.start(program, freePort(), Duration.ofSeconds(1)),
        "did not answer at port",
        "within 1 s");
    assertThat(alive(pid)).isFalse();
  }

  @Test
  void refusesAnOldOneByWhatItCannotDoAndEndsIt() throws IOException {
    Path pid = folder.resolve("pid");
    Path program = script(folder.resolve("old"), "echo $$ > " + pid + "; exec tail -f /dev/null");
    try (FakeToxiproxy old = FakeToxiproxy.start("2.1.0", false)) {
      assertFails(
          ErrorCode.DRILL_NETWORK,
          () -> ToxiproxyServer.start(program, old.port(), PATIENCE),
          "version 2.1.0, cannot reset connections",
          "2.12.0");
    }
    assertThat(alive(pid)).isFalse();
  }

  /** The loopback interface is enough for a port that is taken: whoever listens there is no Toxiproxy. */
  @Test
  void saysThatNobodyAnswersAtAPortThatIsTaken() throws IOException {
    Path program = script(folder.resolve("dies"), "echo 'bind: in use'; exit 1");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertFails(
          ErrorCode.DRILL_NETWORK,
          () -> ToxiproxyServer.start(program, taken.getLocalPort(), PATIENCE),
          "ended at once",
          "bind: in use");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static boolean alive(Path pid) throws IOException {
    return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .filter(ProcessHandle::isAlive)
        .isPresent();
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void assertFails(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(BarmanException.class, e -> assertThat(e.code()).isEqualTo(code))
        .message()
        .contains(words);
  }
}
