package io.github.barman4j.protocol;

/**
 * Where a server listens.
 *
 * @param host a name or an address, without the brackets that an IPv6 address has in a URL
 * @param port 1 to 65535
 */
public record HostAddress(String host, int port) {
  /** As in a URL: {@code db1:5432}, {@code [::1]:5432}. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
