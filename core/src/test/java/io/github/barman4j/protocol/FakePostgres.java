package io.github.barman4j.protocol;

import static io.github.barman4j.protocol.Messages.int32;
import static io.github.barman4j.protocol.Messages.join;
import static io.github.barman4j.protocol.Messages.message;
import static io.github.barman4j.protocol.Messages.ready;
import static io.github.barman4j.protocol.Messages.string;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server on a real socket that lets everybody in and then does what a script says, once per connection. An exception of a script closes
 * that connection; {@link #close} closes all.
 */
public final class FakePostgres implements AutoCloseable {
  /** What the server does with a connection. */
  @FunctionalInterface
  public interface Script {
    void run(Session session) throws IOException;
  }

  /** One connection, seen from the server. */
  public static final class Session {
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    Session(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new DataInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    public void send(byte[]... messages) throws IOException {
      out.write(join(messages));
      out.flush();
    }

    /** The text of the next command; the client's goodbye and its end are an IOException. */
    public String query() throws IOException {
      byte[] payload = expect('Q');
      return new String(payload, 0, payload.length - 1, StandardCharsets.UTF_8);
    }

    /** The payload of the next message, which must be of this type. */
    public byte[] expect(char type) throws IOException {
      int found = in.readUnsignedByte();
      byte[] payload = in.readNBytes(in.readInt() - 4);
      if (found != type) {
        throw new IOException("message '" + (char) found + "' instead of '" + type + "'");
      }
      return payload;
    }

    /** Reads whatever comes until the client is gone. */
    public void awaitEnd() throws IOException {
      in.transferTo(OutputStream.nullOutputStream());
    }

    int startup() throws IOException {
      byte[] payload = in.readNBytes(in.readInt() - 4);
      return ByteBuffer.wrap(payload).getInt();
    }
  }

  private static final int SSL_REQUEST = 80877103;

  private final ServerSocket listener;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Script authentication;
  private final Script script;

  private FakePostgres(Script authentication, Script script) throws IOException {
    this.authentication = authentication;
    this.script = script;
    parameters.put("server_version", "15.4 (Fake)");
    parameters.put("client_encoding", "UTF8");
    parameters.put("DateStyle", "ISO, MDY");
    parameters.put("integer_datetimes", "on");
    parameters.put("standard_conforming_strings", "on");
    parameters.put("in_hot_standby", "off");
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** Lets everybody in, then runs the script. */
  public static FakePostgres that(Script script) throws IOException {
    return with(session -> {}, Map.of(), script);
  }

  /** Authenticates its own way before it lets in, and reports these parameters too. */
  public static FakePostgres with(
      Script authentication, Map<String, String> parameters, Script script) throws IOException {
    FakePostgres server = new FakePostgres(authentication, script);
    server.parameters.putAll(parameters);
    Thread thread = new Thread(server::accept, "fake-postgres");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread thread = new Thread(() -> serve(socket), "fake-postgres-session");
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Session session = new Session(socket);
      while (session.startup() == SSL_REQUEST) {
        session.send(new byte[] {'N'});
      }
      authentication.run(session);
      session.send(message('R', int32(0)));
      for (Map.Entry<String, String> parameter : parameters.entrySet()) {
        session.send(message('S', string(parameter.getKey()), string(parameter.getValue())));
      }
      session.send(message('K', int32(4711), int32(42)), ready());
      script.run(session);
    } catch (IOException e) {
      // the client is gone, or did what the script did not expect
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  public ConnectionSettings settings() {
    return settings("");
  }

  /** @param options more of them, as in "&socketTimeout=1" */
  public ConnectionSettings settings(String options) {
    return ConnectionSettings.of(
        "jdbc:postgresql://127.0.0.1:" + port() + "/postgres?user=fake&sslmode=disable" + options);
  }

  public ReplicationConnection connect() {
    return connect("");
  }

  public ReplicationConnection connect(String options) {
    return ReplicationConnection.open(settings(options), "test", Duration.ofSeconds(5));
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
