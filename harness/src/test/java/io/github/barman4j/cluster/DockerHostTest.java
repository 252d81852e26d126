package io.github.barman4j.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class DockerHostTest {
  @TempDir
  Path folder;

  @Test
  void takesADaemonThatAnswers() throws IOException {
    try (ServerSocketChannel server = answering(answer("1.41"))) {
      environment(server).require();
    }
  }

  @Test
  void takesADaemonAtAPortOfThisMachine() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress("127.0.0.1", 0));
      serve(server, answer("1.32"));
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      DockerHost.fromEnvironment(Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + port))
          .require();
    }
  }

  @Test
  void refusesADaemonThatIsTooOld() throws IOException {
    try (ServerSocketChannel server = answering(answer("1.31"))) {
      refused(() -> environment(server).require(), "speaks version 1.31 of its interface", "18.03");
    }
  }

  @Test
  void refusesWhatIsNoDocker() throws IOException {
    try (ServerSocketChannel server = answering("HTTP/1.0 404 Not Found\r\n\r\n")) {
      refused(
          () -> environment(server).require(), "is no Docker: HTTP/1.0 404 Not Found", "listens");
    }
  }

  @Test
  void doesNotWaitForADaemonThatIsSilent() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("silent"));
      server.bind(address);
      DockerHost host =
          new DockerHost(Optional.of(address), address.toString(), Duration.ofMillis(300));
      refused(host::require, "no Docker answers at " + address, "start Docker");
    }
  }

  @Test
  void refusesASocketThatIsNotThere() {
    refused(
        () -> DockerHost.fromEnvironment(
                Map.of("DOCKER_HOST", "unix://" + folder.resolve("none.sock")))
            .require(),
        "no Docker answers at unix://" + folder.resolve("none.sock"),
        "barman.drill.environment=embedded");
  }

  @Test
  void refusesAnotherMachine() {
    refused(
        () -> DockerHost.fromEnvironment(Map.of("DOCKER_HOST", "tcp://192.0.2.1:2375")),
        "Docker is at tcp://192.0.2.1:2375, another machine",
        "share folders");
  }

  @Test
  void refusesAnAddressThatMeansNothing() {
    refused(
        () -> DockerHost.fromEnvironment(Map.of("DOCKER_HOST", "ssh://user@host")),
        "DOCKER_HOST is ssh://user@host, which cannot be used",
        "unix:///var/run/docker.sock");
  }

  private static void refused(ThrowingCallable call, String problem, String hint) {
    assertThatThrownBy(call).isInstanceOfSatisfying(BarmanException.class, e -> {
      assertThat(e.code()).isEqualTo(ErrorCode.DRILL_DOCKER);
      assertThat(e.problem()).contains(problem);
      assertThat(e.hint()).contains(hint);
    });
  }

  private static String answer(String version) {
    return "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"Version\":\"20.10.24\",\"ApiVersion\":\""
        + version + "\",\"MinAPIVersion\":\"1.12\"}\n";
  }

  private static DockerHost environment(ServerSocketChannel server) throws IOException {
    return DockerHost.fromEnvironment(Map.of("DOCKER_HOST", "unix://" + server.getLocalAddress()));
  }

  private ServerSocketChannel answering(String text) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(folder.resolve("docker.sock")));
    serve(server, text);
    return server;
  }

  /** Answers one request. */
  private static void serve(ServerSocketChannel server, String text) {
    Thread thread = new Thread(() -> {
      try (SocketChannel client = server.accept()) {
        client.read(ByteBuffer.allocate(1000));
        client.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
      } catch (IOException e) {
        // The test sees that nobody has answered.
        Thread.currentThread().interrupt();
      }
    });
    thread.setDaemon(true);
    thread.start();
  }
}
