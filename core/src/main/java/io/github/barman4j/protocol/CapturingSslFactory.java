package io.github.barman4j.protocol;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.core.SocketFactoryFactory;
import org.postgresql.ssl.WrappedFactory;
import org.postgresql.util.PSQLException;

/**
 * A user's own TLS factory, handing out what it makes. Public because pgjdbc makes it by its name; of no use to anybody else.
 */
public final class CapturingSslFactory extends WrappedFactory {
  private final @Nullable SocketCapture capture;

  public CapturingSslFactory(Properties properties) throws PSQLException {
    Properties own = new Properties();
    own.putAll(properties);
    own.setProperty(
        PGProperty.SSL_FACTORY.getName(),
        properties.getProperty(ConnectionOptions.OWN_SSL_FACTORY, ""));
    factory = SocketFactoryFactory.getSslSocketFactory(own);
    capture = SocketCapture.named(properties);
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    Socket tls = super.createSocket(socket, host, port, autoClose);
    if (capture != null) {
      capture.tls(tls);
    }
    return tls;
  }
}
