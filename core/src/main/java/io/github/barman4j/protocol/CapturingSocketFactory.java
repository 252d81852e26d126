package io.github.barman4j.protocol;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.core.SocketFactoryFactory;
import org.postgresql.util.PSQLException;

/**
 * The socket factory that pgjdbc is given, which also hands out what it makes. Public because pgjdbc makes it by its name; of no use
 * to anybody else. A socket factory of the user's makes the sockets where one is set.
 */
public final class CapturingSocketFactory extends SocketFactory {
  private final SocketFactory factory;
  private final @Nullable SocketCapture capture;

  public CapturingSocketFactory(Properties properties) throws PSQLException {
    Properties own = new Properties();
    own.putAll(properties);
    String name = properties.getProperty(ConnectionOptions.OWN_SOCKET_FACTORY);
    if (name == null) {
      own.remove(PGProperty.SOCKET_FACTORY.getName());
    } else {
      own.setProperty(PGProperty.SOCKET_FACTORY.getName(), name);
    }
    factory = SocketFactoryFactory.getSocketFactory(own);
    capture = SocketCapture.named(properties);
  }

  @Override
  public Socket createSocket() throws IOException {
    return captured(factory.createSocket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return captured(factory.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return captured(factory.createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return captured(factory.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return captured(factory.createSocket(address, port, localAddress, localPort));
  }

  private Socket captured(Socket socket) throws IOException {
    if (capture != null) {
      capture.plain(socket);
    }
    return socket;
  }
}
