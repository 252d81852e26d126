package io.github.barman4j.protocol;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/** A user's own socket factory; pgjdbc makes it by its name. */
public final class CountingSocketFactory extends SocketFactory {
  static final AtomicInteger made = new AtomicInteger();

  @Override
  public Socket createSocket() {
    made.incrementAndGet();
    return new Socket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new IOException("not used by pgjdbc");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw new IOException("not used by pgjdbc");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw new IOException("not used by pgjdbc");
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    throw new IOException("not used by pgjdbc");
  }
}
