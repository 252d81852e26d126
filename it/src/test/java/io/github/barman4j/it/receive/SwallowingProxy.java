package io.github.barman4j.it.receive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Passes bytes on, until it becomes a black hole: it goes on to accept connections and to read what comes, and passes nothing on,
 * in either direction, without closing anything. A connection that fell into it stays there.
 */
public final class SwallowingProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final List<Pair> pairs = new CopyOnWriteArrayList<>();
  private volatile boolean swallowing;

  public SwallowingProxy(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  public void swallow() {
    swallowing = true;
    pairs.forEach(pair -> pair.dead = true);
  }

  /** New connections pass again. */
  void heal() {
    swallowing = false;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "swallowing-proxy");
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
        Pair pair = new Pair(client, server);
        pair.dead = swallowing;
        pairs.add(pair);
        start(() -> pair.pass(client, server));
        start(() -> pair.pass(server, client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static final class Pair {
    private final Socket client;
    private final Socket server;
    private volatile boolean dead;

    Pair(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void pass(Socket from, Socket to) {
      byte[] buffer = new byte[64 << 10];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        int count;
        while ((count = in.read(buffer)) >= 0) {
          if (!dead) {
            out.write(buffer, 0, count);
          }
        }
        if (!dead) {
          close();
        }
      } catch (IOException e) {
        // One of the two is gone; what a black hole holds stays.
        if (!dead) {
          close();
        }
      }
    }

    void close() {
      try (client;
          server) {
        dead = true;
      } catch (IOException e) {
        // gone already
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    pairs.forEach(Pair::close);
  }
}
