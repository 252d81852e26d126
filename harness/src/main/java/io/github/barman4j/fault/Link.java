package io.github.barman4j.fault;

import java.time.Duration;

/**
 * A way by TCP to one server, which can be broken. While it is whole, everything passes in both directions, on any number of connections.
 *
 * <p>Each fault is there when its method returns and lasts until it is healed; only one may be there at a time. A fault that cannot be
 * injected or healed is a {@link io.github.barman4j.BarmanException} with code DRILL_NETWORK. For one thread.
 */
public interface Link extends AutoCloseable {
  /** Where clients on this machine reach the server through it. */
  String host();

  int port();

  /**
   * Each connection is closed in order (FIN) as soon as so many bytes more, at least 1, have come from the server; on a connection that is
   * made later they count from its beginning.
   */
  Damage cutAfter(long bytes);

  /**
   * Each connection is reset (RST) as soon as anything more comes from the server; what comes is lost.
   *
   * @throws IllegalStateException when the link was not made by {@link Network#resettableLink}
   */
  Damage reset();

  /** Connections stay, and are made, and nothing passes in either direction. Healing closes those that are there. */
  Damage swallow();

  /** What the server sends arrives later, each time by {@code latency} give or take {@code jitter}. */
  Damage delay(Duration latency, Duration jitter);

  /** The server sends so many bytes a second, at least 1000, on each connection. */
  Damage limitRate(long bytesPerSecond);

  /** Connections are closed, and none can be made. */
  Damage partition();

  /** Closes its connections; nobody reaches the server through it any more. */
  @Override
  void close();
}
