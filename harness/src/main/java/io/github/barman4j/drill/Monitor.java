package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.Poll;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** What tells that a server is gone, as somebody who watches it would. */
final class Monitor {
  private static final int CONNECT_MILLIS = 1000;

  private Monitor() {}

  /** Waits until nobody answers at a port of this machine. */
  static void awaitSilence(int port, Duration atMost) {
    boolean gone = Poll.until(Duration.ofMillis(1), atMost, () -> {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
        return false;
      } catch (IOException e) {
        return true;
      }
    });
    if (!gone) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the killed server still answers at port " + port,
          "another program may have taken the port; run the drill again");
    }
  }
}
