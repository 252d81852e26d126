package io.github.barman4j.fault;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A relay on this machine that watches base backups go by: where the parts of the server's answer to {@code BASE_BACKUP} begin, and how
 * much of it has come. Connections are not encrypted. Thread-safe. {@link #close()} closes its connections.
 */
public final class BackupTap implements AutoCloseable {
  private static final byte[] COMMAND = "BASE_BACKUP".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER = 1 << 16;

  private final ServerSocket door;
  private final String host;
  private final int port;
  private final Map<Socket, Socket> connections = new ConcurrentHashMap<>();
  private volatile Runnable beforeCommand = () -> {};
  private volatile @Nullable BackupAnswer last;

  private BackupTap(ServerSocket door, String host, int port) {
    this.door = door;
    this.host = host;
    this.port = port;
  }

  /** Relays to a server or to a link. */
  public static BackupTap to(String host, int port) {
    try {
      BackupTap tap =
          new BackupTap(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), host, port);
      daemon("backup-tap", tap::accept);
      return tap;
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_NETWORK, "no free port on the loopback interface", "see the cause", e);
    }
  }

  public int port() {
    return door.getLocalPort();
  }

  /** From now on this is done when a client has sent {@code BASE_BACKUP} and the server has not got it yet: nothing is on the way then. */
  public void beforeCommand(Runnable action) {
    beforeCommand = action;
  }

  /** What has come for the last such command, also when it is not over. */
  public BackupAnswer answer() {
    BackupAnswer found = last;
    if (found == null) {
      throw new IllegalStateException("no base backup was asked for");
    }
    return found;
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        open(client);
      } catch (IOException e) {
        // The tap is closed, or nobody is behind it: the client sees its connection end.
        continue;
      }
    }
  }

  private void open(Socket client) throws IOException {
    try {
      Socket server = new Socket(host, port);
      connections.put(client, server);
      Relay relay = new Relay(client, server);
      daemon("backup-tap-up", relay::up);
      daemon("backup-tap-down", relay::down);
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** One connection. */
  private final class Relay {
    private final Socket client;
    private final Socket server;
    private volatile @Nullable BackupAnswer answer;

    Relay(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void up() {
      byte[] buffer = new byte[BUFFER];
      try (client;
          server) {
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          // A command comes in one piece, and everything that was asked before is answered by then.
          if (contains(buffer, count)) {
            beforeCommand.run();
            BackupAnswer begun = new BackupAnswer();
            answer = begun;
            last = begun;
          }
          out.write(buffer, 0, count);
        }
      } catch (IOException e) {
        // One side has closed its connection, and the other loses it by this, as it must.
        return;
      }
    }

    void down() {
      byte[] buffer = new byte[BUFFER];
      try (client;
          server) {
        InputStream in = server.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          BackupAnswer watched = answer;
          if (watched != null) {
            watched.add(buffer, count);
          }
          out.write(buffer, 0, count);
        }
      } catch (IOException e) {
        // As above.
        return;
      }
    }
  }

  private static boolean contains(byte[] buffer, int count) {
    return new String(buffer, 0, count, StandardCharsets.ISO_8859_1)
        .contains(new String(COMMAND, StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() {
    try (ServerSocket closing = door) {
      connections.forEach((client, server) -> {
        try (client;
            server) {
          connections.remove(client);
        } catch (IOException e) {
          throw new BarmanException(
              ErrorCode.DRILL_NETWORK, "a connection could not be closed", "see the cause", e);
        }
      });
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_NETWORK, "the tap could not be closed", "see the cause", e);
    }
  }
}
