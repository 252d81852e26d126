package io.github.barman4j.fault;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.awaitility.Awaitility;

/** Answers as a Toxiproxy of some version does, and proxies nothing. */
final class FakeToxiproxy implements AutoCloseable {
  private final HttpServer server;

  private FakeToxiproxy(HttpServer server) {
    this.server = server;
  }

  /** @param resets whether it knows the toxic reset_peer */
  static FakeToxiproxy start(String version, boolean resets) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    answer(server, "/version", 200, "{\"version\":\"" + version + "\"}");
    answer(
        server,
        "/proxies",
        201,
        "{\"name\":\"barman-probe\",\"listen\":\"127.0.0.1:1\",\"upstream\":\"127.0.0.1:1\",\"enabled\":true}");
    answer(
        server,
        "/proxies/barman-probe/toxics",
        resets ? 200 : 400,
        resets
            ? "{\"name\":\"reset\",\"type\":\"reset_peer\",\"stream\":\"downstream\",\"toxicity\":1,\"attributes\":{\"timeout\":0}}"
            : "{\"error\":\"invalid toxic type\",\"status\":400}");
    server.start();
    return new FakeToxiproxy(server);
  }

  /** Lets a program that was started as this process's child end before anything is answered. */
  FakeToxiproxy silentWhile(Path program) {
    server.removeContext("/version");
    server.createContext("/version", exchange -> {
      Awaitility.await()
          .until(() -> ProcessHandle.current()
              .children()
              .noneMatch(
                  child -> child.info().commandLine().orElse("").contains(program.toString())));
      byte[] content = "{\"version\":\"2.12.0\"}".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
      exchange.close();
    });
    return this;
  }

  private static void answer(HttpServer server, String path, int status, String body) {
    server.createContext(path, exchange -> {
      exchange.getRequestBody().readAllBytes();
      byte[] content = body.getBytes(StandardCharsets.UTF_8);
      boolean deleting = exchange.getRequestMethod().equals("DELETE");
      exchange.sendResponseHeaders(deleting ? 204 : status, deleting ? -1 : content.length);
      if (!deleting) {
        exchange.getResponseBody().write(content);
      }
      exchange.close();
    });
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
