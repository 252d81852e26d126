package io.github.barman4j.it.receive;

import io.github.barman4j.Event;
import io.github.barman4j.Secret;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.receive.ReceiveSettings;
import io.github.barman4j.receive.StopSignal;
import io.github.barman4j.receive.WalReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A receiver in a process of its own, which can be killed. It ends when its standard input does.
 *
 * <p>Arguments: URL, user, slot, repository, spool; the password is in the environment.
 */
final class ReceiverProcess implements AutoCloseable {
  private static final String PASSWORD = "BARMAN_IT_PASSWORD";

  private final Process process;

  private ReceiverProcess(Process process) {
    this.process = process;
  }

  static ReceiverProcess start(
      ConnectionSettings connection, String slot, Path repository, Path spool, Path log) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.add(ReceiverProcess.class.getName());
    command.addAll(List.of(
        connection.url(),
        String.valueOf(connection.user()),
        slot,
        repository.toString(),
        spool.toString()));
    ProcessBuilder builder = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Secret password = connection.password();
    builder.environment().put(PASSWORD, password == null ? "" : password.reveal());
    try {
      return new ReceiverProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Lets it end by itself. */
  int stop() throws InterruptedException, IOException {
    process.getOutputStream().close();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] arguments) throws InterruptedException {
    ReceiveSettings settings = ReceiveSettings.of(
        ConnectionSettings.of(
            arguments[0], arguments[1], Secret.of(System.getenv().getOrDefault(PASSWORD, ""))),
        arguments[2],
        Path.of(arguments[4]));
    StopSignal stop = new StopSignal();
    WalReceiver receiver =
        new WalReceiver(settings, Archives.archive(Path.of(arguments[3])), ReceiverProcess::print);
    Thread thread = new Thread(() -> receiver.run(stop), "receiver");
    Thread watcher = new Thread(() -> stopAtEndOfInput(stop), "watcher");
    watcher.setDaemon(true);
    watcher.start();
    thread.start();
    thread.join();
  }

  private static void stopAtEndOfInput(StopSignal stop) {
    try {
      while (System.in.read() >= 0) {
        continue;
      }
    } catch (IOException e) {
      System.out.println("standard input: " + e);
    }
    stop.raise();
  }

  private static void print(Event event) {
    System.out.println(event);
  }
}
