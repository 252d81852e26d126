package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.Secret;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A receiver in a process of its own, so that it can be killed. The password is the first line of its standard input, at whose end it
 * stops in order: no receiver outlives the drill.
 */
final class ReceiverProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Process process;
  private final Writer input;
  private final Path log;

  private ReceiverProcess(Process process, Writer input, Path log) {
    this.process = process;
    this.input = input;
    this.log = log;
  }

  /** @param log where its events are appended */
  static ReceiverProcess start(EngineConfiguration configuration, String slot, Path log) {
    ServerConnection connection = configuration.connection();
    if (connection == null) {
      throw new IllegalStateException("there is no server to receive from");
    }
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
        "-Xmx128m",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        classPath(),
        ReceiverProcess.class.getName(),
        configuration.repository().toString(),
        configuration.server(),
        String.valueOf(configuration.spool()),
        connection.url(),
        String.valueOf(connection.user()),
        slot));
    try {
      Process process = new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
      Writer input = process.outputWriter(StandardCharsets.UTF_8);
      Secret password = connection.password();
      input.write((password == null ? "" : password.reveal()) + "\n");
      input.flush();
      return new ReceiverProcess(process, input, log);
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED, "no receiver process could be started", "see the cause", e);
    }
  }

  /** In Maven a plugin's classes come from a loader of its own, of which {@code java.class.path} knows nothing. */
  private static String classPath() {
    if (ReceiverProcess.class.getClassLoader() instanceof URLClassLoader loader) {
      List<String> places = new ArrayList<>();
      for (URL url : loader.getURLs()) {
        try {
          places.add(Path.of(url.toURI()).toString());
        } catch (URISyntaxException e) {
          throw new IllegalStateException("a class loader's address is no path: " + url, e);
        }
      }
      return String.join(System.getProperty("path.separator", ":"), places);
    }
    return System.getProperty("java.class.path", "");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has said, for messages. */
  String said() {
    try {
      return Files.readString(log).strip();
    } catch (IOException e) {
      return "nothing";
    }
  }

  /** SIGKILL. */
  void kill() {
    await(process.destroyForcibly());
  }

  /** Lets it end in order: all that it has is durable and acknowledged then. */
  void stop() {
    try {
      input.close();
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED, "the receiver process could not be told to stop", said(), e);
    }
    if (await(process) != 0) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED, "the receiver process ended with an error", said());
    }
  }

  private static int await(Process process) {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new BarmanException(
            ErrorCode.DRILL_FAILED,
            "the receiver process did not end within " + PATIENCE.toSeconds() + " s",
            "look at the load of this machine");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BarmanException(
          ErrorCode.INTERRUPTED, "the drill was interrupted", "run the goal again", e);
    }
  }

  /** Kills it when it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Repository, server, spool, URL, user, slot. */
  public static void main(String[] arguments) throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Secret password = Secret.of(Optional.ofNullable(input.readLine()).orElse(""));
    EngineConfiguration configuration = EngineConfiguration.of(
            Path.of(arguments[0]),
            arguments[1],
            new ServerConnection(arguments[3], arguments[4], password))
        .withSpool(Path.of(arguments[2]));
    Engine engine = Engine.open(configuration, ReceiverProcess::print);
    try (RunningReceiver receiver =
        engine.startReceiver(new ReceiveRequest(arguments[5], true, false))) {
      Thread watcher = new Thread(() -> closeAtEnd(input, receiver), "watcher");
      watcher.setDaemon(true);
      watcher.start();
      receiver.awaitEnd(Duration.ofDays(1));
    }
  }

  private static void closeAtEnd(BufferedReader input, RunningReceiver receiver) {
    @Nullable String line;
    do {
      try {
        line = input.readLine();
      } catch (IOException e) {
        line = null;
      }
    } while (line != null);
    receiver.close();
  }

  private static void print(Event event) {
    System.out.println(event);
  }
}
