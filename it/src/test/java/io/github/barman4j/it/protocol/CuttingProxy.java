package io.github.barman4j.it.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes bytes on in small pieces with a pause between them, so that whatever can be cut is cut. */
final class CuttingProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final int pieceBytes;
  private final long pauseMillis;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  CuttingProxy(int target, int pieceBytes, long pauseMillis) throws IOException {
    this.target = target;
    this.pieceBytes = pieceBytes;
    this.pauseMillis = pauseMillis;
    this.listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "cutting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.addAll(List.of(client, server));
        start(() -> pass(client, server, Integer.MAX_VALUE, 0));
        start(() -> pass(server, client, pieceBytes, pauseMillis));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void pass(Socket from, Socket to, int pieceBytes, long pauseMillis) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count;
      while ((count = in.read(buffer, 0, Math.min(pieceBytes, buffer.length))) >= 0) {
        out.write(buffer, 0, count);
        if (pauseMillis > 0) {
          Thread.sleep(pauseMillis);
        }
      }
    } catch (IOException e) {
      // one of the two is gone, so the other one goes too
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
