package io.github.barman4j.protocol;

import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Receives the sockets that pgjdbc makes while it opens one connection.
 *
 * <p>pgjdbc makes its socket factories itself, by class name, and hands them text only. So a capture has a name, and the factories
 * find it in a map that holds it no longer than the attempt takes. When pgjdbc begins anew within one attempt (sslmode=prefer), the
 * last socket counts.
 */
final class SocketCapture implements AutoCloseable {
  private static final Map<String, SocketCapture> UNDER_WAY = new ConcurrentHashMap<>();
  private static final int IDLE_SECONDS = 30;
  private static final int INTERVAL_SECONDS = 10;
  private static final int PROBES = 3;

  private final String name = UUID.randomUUID().toString();
  private volatile @Nullable Socket plain;
  private volatile @Nullable Socket tls;

  private SocketCapture() {}

  static SocketCapture begin() {
    SocketCapture capture = new SocketCapture();
    UNDER_WAY.put(capture.name, capture);
    return capture;
  }

  static @Nullable SocketCapture named(Properties properties) {
    String name = properties.getProperty(ConnectionOptions.CAPTURE);
    return name == null ? null : UNDER_WAY.get(name);
  }

  String name() {
    return name;
  }

  void plain(Socket socket) throws IOException {
    keepAlive(socket);
    plain = socket;
    tls = null;
  }

  void tls(Socket socket) {
    tls = socket;
  }

  /** The TCP socket, or what a socket factory of the user's made in its place. */
  @Nullable
  Socket plain() {
    return plain;
  }

  /** The TLS socket over it, when there is TLS. */
  @Nullable
  Socket tls() {
    return tls;
  }

  @Override
  public void close() {
    UNDER_WAY.remove(name);
  }

  /** Lets the kernel find out within a minute that the other host is gone, where it would take two hours. */
  private static void keepAlive(Socket socket) throws IOException {
    if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
    }
  }
}
