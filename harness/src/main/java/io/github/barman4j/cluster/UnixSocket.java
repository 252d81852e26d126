package io.github.barman4j.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A Unix socket in the shape that the driver knows; the JDK has it as a channel only.
 *
 * <p>A read has no timeout, whatever is set: it ends when the server answers or goes, when the socket is closed, or when the thread is
 * interrupted, which closes it. One thread reads and one writes; any may close.
 */
final class UnixSocket extends Socket {
  private final Path path;
  private volatile @Nullable SocketChannel channel;
  private volatile boolean closed;
  private int timeoutMillis;

  UnixSocket(Path path) {
    this.path = path;
  }

  void open() throws IOException {
    SocketChannel opened = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      opened.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    channel = opened;
  }

  @Override
  public void connect(SocketAddress ignored) throws IOException {
    open();
  }

  @Override
  public void connect(SocketAddress ignored, int timeout) throws IOException {
    open();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return Channels.newInputStream(required());
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return Channels.newOutputStream(required());
  }

  private SocketChannel required() throws SocketException {
    SocketChannel open = channel;
    if (open == null || closed) {
      throw new SocketException("the socket " + path + " is not connected");
    }
    return open;
  }

  @Override
  public boolean isConnected() {
    return channel != null;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    SocketChannel open = channel;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  /** What follows is about TCP. */
  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public void setReceiveBufferSize(int bytes) {}

  @Override
  public void setSendBufferSize(int bytes) {}

  @Override
  public int getReceiveBufferSize() {
    return 1 << 16;
  }

  @Override
  public int getSendBufferSize() {
    return 1 << 16;
  }
}
