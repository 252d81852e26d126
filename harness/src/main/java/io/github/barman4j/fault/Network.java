package io.github.barman4j.fault;

/** Makes links that can be broken. For one thread. {@link #close()} takes everything away, the links too. */
public interface Network extends AutoCloseable {
  /** @param upstream the server as the network itself reaches it, {@code host:port} */
  Link link(String upstream);

  /** A link that can also be {@linkplain Link#reset() reset}; every end of its connections may be a reset. */
  Link resettableLink(String upstream);

  @Override
  void close();
}
