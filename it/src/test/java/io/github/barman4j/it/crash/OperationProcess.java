package io.github.barman4j.it.crash;

import io.github.barman4j.BarmanException;
import io.github.barman4j.Secret;
import io.github.barman4j.engine.ServerConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An operation in a process of its own, which can be killed. */
final class OperationProcess implements AutoCloseable {
  private static final String PASSWORD = "BARMAN_IT_PASSWORD";
  private static final String PASSPHRASE = "BARMAN_IT_PASSPHRASE";
  private static final String BEGUN = "BEGUN";
  private static final String DONE = "DONE";
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch stoppedOrOver = new CountDownLatch(1);
  private final List<String> output = new ArrayList<>();
  private final Thread reader;
  private volatile boolean reached;
  private volatile boolean done;

  private OperationProcess(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** @param properties of {@link StepObserver} */
  static OperationProcess start(
      Operation operation, Place place, ServerConnection server, Map<String, String> properties) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Quick to start: it never lives long.
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx256m"));
    command.add("-D" + StepObserver.BASE + "=" + place.root());
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(OperationProcess.class.getName());
    command.addAll(List.of(
        operation.name(), place.root().toString(), server.url(), String.valueOf(server.user())));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Secret password = server.password();
    builder.environment().put(PASSWORD, password == null ? "" : password.reveal());
    Secret passphrase = place.passphrase();
    if (passphrase != null) {
      builder.environment().put(PASSPHRASE, passphrase.reveal());
    }
    try {
      return new OperationProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heard(line);
      }
    } catch (IOException e) {
      heard("its output could not be read: " + e);
    } finally {
      begun.countDown();
      stoppedOrOver.countDown();
    }
  }

  private void heard(String line) {
    switch (line) {
      case BEGUN -> begun.countDown();
      case StepObserver.REACHED -> {
        reached = true;
        stoppedOrOver.countDown();
      }
      case DONE -> done = true;
      default -> {
        synchronized (output) {
          output.add(line);
        }
      }
    }
  }

  /** Waits until the operation itself begins: the machine is up. */
  void awaitBegun() throws InterruptedException {
    if (!begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the process has not begun: " + output());
    }
  }

  /** Waits for the step that it stops at, or for its end; false when neither has come. */
  boolean awaitStoppedOrOver(long millis) throws InterruptedException {
    return stoppedOrOver.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Waits, at most so long, while the threads run that are not at the step. */
  void letOthersGoOn(long millis) throws InterruptedException {
    process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Whether it has come to the step that it was to stop at. */
  boolean hasReached() {
    return reached;
  }

  /** Whether the operation has come to its end without a failure. */
  boolean isDone() {
    return done;
  }

  /** Tells an operation without an end to stop. */
  void stop() throws IOException {
    process.getOutputStream().close();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    reader.join();
  }

  int awaitExit() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the process does not end: " + output());
    }
    reader.join();
    return process.exitValue();
  }

  String output() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] arguments) throws InterruptedException {
    Operation operation = Operation.valueOf(arguments[0]);
    String passphrase = System.getenv(PASSPHRASE);
    Place place =
        Place.of(Path.of(arguments[1]), passphrase == null ? null : Secret.of(passphrase));
    ServerConnection server = new ServerConnection(
        arguments[2], arguments[3], Secret.of(System.getenv().getOrDefault(PASSWORD, "")));
    CountDownLatch stopped = new CountDownLatch(1);
    Thread watcher = new Thread(() -> awaitEndOfInput(stopped), "watcher");
    watcher.setDaemon(true);
    watcher.start();
    System.out.println(BEGUN);
    try {
      operation.run(place, server, event -> {}, () -> stopped.getCount() == 0);
      System.out.println(DONE);
    } catch (BarmanException e) {
      System.out.println(e.code() + ": " + e.problem());
    }
  }

  private static void awaitEndOfInput(CountDownLatch stopped) {
    try {
      while (System.in.read() >= 0) {
        continue;
      }
    } catch (IOException e) {
      System.out.println("standard input: " + e);
    }
    stopped.countDown();
  }
}
