package io.github.barman4j.protocol;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/**
 * pgjdbc's usual TLS factory, handing out what it makes. A subclass and no wrapper, since pgjdbc asks its own class for the error of
 * an unreadable key. Public because pgjdbc makes it by its name; of no use to anybody else.
 */
public final class CapturingLibPqFactory extends LibPQFactory {
  private final @Nullable SocketCapture capture;

  public CapturingLibPqFactory(Properties properties) throws PSQLException {
    super(properties);
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
