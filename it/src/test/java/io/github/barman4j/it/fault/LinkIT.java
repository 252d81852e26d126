package io.github.barman4j.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Link;
import io.github.barman4j.fault.ToxiproxyServer;
import io.github.barman4j.it.TestToxiproxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each fault does what its name says, on connections that are there and on new ones, and is gone when it is healed. */
@Timeout(60)
class LinkIT {
  private static final int QUIET_MILLIS = 500;

  private ToxiproxyServer network;
  private EchoServer server;

  @BeforeEach
  void start() throws IOException {
    network = ToxiproxyServer.start(TestToxiproxy.require());
    server = EchoServer.start();
  }

  @AfterEach
  void stop() throws IOException {
    if (network != null) {
      network.close();
      server.close();
    }
    assertThat(TestToxiproxy.running()).isZero();
  }

  @Test
  void cutsAfterExactlySoManyBytes() throws IOException {
    try (Link link = network.link(server.address());
        Socket before = connected(link)) {
      assertThat(echoed(before, 100)).isEqualTo(100);
      Damage damage = new Fault.CutAfter(1000).inject(link);
      assertThat(echoedUntilTheEnd(before)).as("from the fault on").isEqualTo(1000);
      try (Socket later = connected(link)) {
        assertThat(echoedUntilTheEnd(later)).isEqualTo(1000);
      }
      damage.close();
      damage.close();
      assertWhole(link);
    }
  }

  @Test
  void resetsForReal() throws IOException {
    try (Link link = network.resettableLink(server.address());
        Socket before = connected(link)) {
      assertThat(echoed(before, 100)).isEqualTo(100);
      try (Damage damage = new Fault.ResetConnections().inject(link)) {
        assertThatThrownBy(() -> echoedUntilTheEnd(before))
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("reset");
      }
      assertWhole(link);
    }
  }

  @Test
  void swallowsEverythingAndClosesNothing() throws IOException {
    try (Link link = network.link(server.address());
        Socket before = connected(link)) {
      assertThat(echoed(before, 100)).isEqualTo(100);
      try (Damage damage = new Fault.SwallowEverything().inject(link)) {
        before.setSoTimeout(QUIET_MILLIS);
        assertThatThrownBy(() -> echoed(before, 100)).isInstanceOf(SocketTimeoutException.class);
        try (Socket later = connected(link)) {
          later.setSoTimeout(QUIET_MILLIS);
          assertThatThrownBy(() -> echoed(later, 100)).isInstanceOf(SocketTimeoutException.class);
        }
      }
      assertWhole(link);
    }
  }

  @Test
  void delaysWhatTheServerSends() throws IOException {
    try (Link link = network.link(server.address());
        Socket socket = connected(link)) {
      try (Damage damage =
          new Fault.DelayAnswers(Duration.ofMillis(300), Duration.ofMillis(50)).inject(link)) {
        long begin = System.nanoTime();
        assertThat(echoed(socket, 100)).isEqualTo(100);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
            .isBetween(Duration.ofMillis(245), Duration.ofSeconds(5));
      }
      assertWhole(link);
    }
  }

  @Test
  void carriesSoManyBytesASecond() throws IOException {
    try (Link link = network.link(server.address());
        Socket socket = connected(link)) {
      try (Damage damage = new Fault.LimitRate(1_000_000).inject(link)) {
        long begin = System.nanoTime();
        assertThat(echoed(socket, 1_000_000)).isEqualTo(1_000_000);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
            .isBetween(Duration.ofMillis(700), Duration.ofSeconds(10));
      }
      assertWhole(link);
    }
  }

  @Test
  void partsClientAndServer() throws IOException {
    try (Link link = network.link(server.address());
        Socket before = connected(link)) {
      assertThat(echoed(before, 100)).isEqualTo(100);
      try (Damage damage = new Fault.Partition().inject(link)) {
        assertThat(before.getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(() -> connected(link)).isInstanceOf(ConnectException.class);
      }
      assertWhole(link);
    }
  }

  @Test
  void leadsOnlyToItsOwnServerAndNowhereOnceItIsClosed() throws IOException {
    Link link = network.link(server.address());
    Link other = network.link(server.address());
    try (Damage damage = new Fault.Partition().inject(other)) {
      assertWhole(link);
    }
    link.close();
    assertThatThrownBy(() -> connected(link)).isInstanceOf(ConnectException.class);
    assertThatThrownBy(other::reset)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not made to be reset");
  }

  private static Socket connected(Link link) throws IOException {
    Socket socket = new Socket(link.host(), link.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void assertWhole(Link link) throws IOException {
    try (Socket socket = connected(link)) {
      assertThat(echoed(socket, 100_000)).isEqualTo(100_000);
    }
  }

  /** Sends so many bytes and reads until all have come back. */
  private static int echoed(Socket socket, int bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    Thread sender = new Thread(() -> {
      try {
        out.write(new byte[bytes]);
      } catch (IOException e) {
        // The reader finds out.
        return;
      }
    });
    sender.start();
    return socket.getInputStream().readNBytes(bytes).length;
  }

  private static long echoedUntilTheEnd(Socket socket) throws IOException {
    socket.getOutputStream().write(new byte[5000]);
    InputStream in = socket.getInputStream();
    long count = 0;
    while (in.read() >= 0) {
      count++;
    }
    return count;
  }

  /** Sends back what it gets, on any number of connections. */
  private record EchoServer(ServerSocket door) implements AutoCloseable {
    static EchoServer start() throws IOException {
      EchoServer server =
          new EchoServer(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
      daemon(() -> {
        while (true) {
          Socket client = server.door().accept();
          daemon(() -> {
            try (client) {
              client.getInputStream().transferTo(client.getOutputStream());
            }
          });
        }
      });
      return server;
    }

    private interface Work {
      void run() throws IOException;
    }

    private static void daemon(Work work) {
      Thread thread = new Thread(() -> {
        try {
          work.run();
        } catch (IOException e) {
          // A connection, or the server itself, was closed.
          return;
        }
      });
      thread.setDaemon(true);
      thread.start();
    }

    String address() {
      return "127.0.0.1:" + door.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      door.close();
    }
  }
}
