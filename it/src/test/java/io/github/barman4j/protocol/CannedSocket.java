package io.github.barman4j.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.sql.Connection;

/** A server that says its text and hangs up, without a network between. */
final class CannedSocket extends Socket {
  /** Of a session whose SQL side nobody uses. */
  static final Connection NO_CONNECTION = (Connection) Proxy.newProxyInstance(
      CannedSocket.class.getClassLoader(),
      new Class<?>[] {Connection.class},
      (proxy, method, args) -> {
        throw new UnsupportedOperationException(method.getName());
      });

  private final InputStream in;
  private volatile boolean closed;

  CannedSocket(byte[] answer) {
    this.in = new ByteArrayInputStream(answer) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return closed ? -1 : super.read(target, offset, length);
      }
    };
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    return OutputStream.nullOutputStream();
  }

  @Override
  public synchronized void setSoTimeout(int millis) {}

  @Override
  public synchronized void close() {
    closed = true;
  }
}
