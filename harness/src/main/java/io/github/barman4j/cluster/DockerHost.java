package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where Docker's daemon listens, and whether one answers there: asked with a request of its own and a deadline, since Testcontainers
 * tries for minutes.
 *
 * @param address empty when there is none at all
 * @param named as the user named it, or where it was looked for
 */
record DockerHost(Optional<SocketAddress> address, String named, Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Docker 18.03, the oldest that Testcontainers speaks to. */
  private static final int OLDEST_MINOR = 32;

  private static final Pattern API = Pattern.compile("\"ApiVersion\"\\s*:\\s*\"1\\.(\\d+)\"");
  private static final byte[] REQUEST =
      "GET /version HTTP/1.0\r\nHost: docker\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /**
   * As Docker's own client finds it, {@code DOCKER_HOST} first.
   *
   * @throws BarmanException with code DRILL_DOCKER when it is another machine: its containers have none of this machine's folders
   */
  static DockerHost fromEnvironment(Map<String, String> environment) {
    String named = environment.get("DOCKER_HOST");
    if (named != null && !named.isBlank()) {
      return of(named);
    }
    List<Path> sockets = new ArrayList<>(List.of(Path.of("/var/run/docker.sock")));
    String runtime = environment.get("XDG_RUNTIME_DIR");
    if (runtime != null) {
      sockets.add(Path.of(runtime, "docker.sock"));
    }
    String home = environment.get("HOME");
    if (home != null) {
      sockets.add(Path.of(home, ".docker", "run", "docker.sock"));
    }
    Optional<SocketAddress> found =
        sockets.stream().filter(Files::exists).findFirst().map(UnixDomainSocketAddress::of);
    return new DockerHost(
        found, found.map(SocketAddress::toString).orElse(sockets.toString()), PATIENCE);
  }

  private static DockerHost of(String named) {
    try {
      URI uri = URI.create(named);
      if ("unix".equals(uri.getScheme())) {
        Path socket = Path.of(uri.getPath());
        return new DockerHost(
            Optional.<SocketAddress>of(UnixDomainSocketAddress.of(socket)), named, PATIENCE);
      }
      String host = uri.getHost();
      if ("tcp".equals(uri.getScheme()) && host != null) {
        InetAddress machine = InetAddress.getByName(host);
        if (!machine.isLoopbackAddress()) {
          throw new BarmanException(
              ErrorCode.DRILL_DOCKER,
              "Docker is at " + named + ", another machine",
              "drills in containers need a Docker on this machine: they share folders with it");
        }
        return new DockerHost(
            Optional.of(new InetSocketAddress(machine, uri.getPort())), named, PATIENCE);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unusable(named, e);
    }
    throw unusable(named, null);
  }

  private static BarmanException unusable(String named, @Nullable Exception cause) {
    return new BarmanException(
        ErrorCode.DRILL_DOCKER,
        "DOCKER_HOST is " + named + ", which cannot be used",
        "name a socket of this machine, for instance unix:///var/run/docker.sock, or leave it out",
        cause);
  }

  /**
   * @throws BarmanException with code DRILL_DOCKER when no Docker answers within seconds, or one that is too old
   */
  void require() {
    String answer;
    try {
      answer = answer(address.orElseThrow(() -> new IOException("there is no such socket")));
    } catch (IOException | UnsupportedOperationException e) {
      throw new BarmanException(
          ErrorCode.DRILL_DOCKER,
          "no Docker answers at " + named + ": " + e.getMessage(),
          "start Docker, or let this account use it (group docker), or drill with"
              + " barman.drill.environment=embedded",
          e);
    }
    Matcher api = API.matcher(answer);
    if (!api.find()) {
      throw new BarmanException(
          ErrorCode.DRILL_DOCKER,
          "what answers at " + named + " is no Docker: "
              + answer.lines().findFirst().orElse("nothing"),
          "look at what listens there");
    }
    int minor = Integer.parseInt(api.group(1));
    if (minor < OLDEST_MINOR) {
      throw new BarmanException(
          ErrorCode.DRILL_DOCKER,
          "Docker at " + named + " speaks version 1." + minor + " of its interface",
          "1." + OLDEST_MINOR + " or later is needed: Docker 18.03");
    }
  }

  private String answer(SocketAddress where) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    try (SocketChannel channel = where instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
      if (!channel.connect(where)) {
        do {
          await(selector, deadline);
        } while (!channel.finishConnect());
      }
      key.interestOps(SelectionKey.OP_WRITE);
      ByteBuffer request = ByteBuffer.wrap(REQUEST);
      while (request.hasRemaining()) {
        channel.write(request);
      }
      key.interestOps(SelectionKey.OP_READ);
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
      while (true) {
        await(selector, deadline);
        int read = channel.read(buffer.clear());
        if (read < 0) {
          return answer.toString(StandardCharsets.UTF_8);
        }
        answer.write(buffer.array(), 0, read);
      }
    }
  }

  private void await(Selector selector, long deadline) throws IOException {
    long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    if (left <= 0 || selector.select(left) == 0) {
      throw new SocketTimeoutException("it said nothing for " + patience.toSeconds() + " s");
    }
    selector.selectedKeys().clear();
  }
}
