package io.github.barman4j.fault;

import eu.rekawek.toxiproxy.ToxiproxyClient;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.InterruptedWork;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A {@code toxiproxy-server} as a child of this process, reached by the loopback interface alone. For one thread. {@link #close()} ends it.
 */
public final class ToxiproxyServer implements Network {
  /** What the program is called where it is looked for. */
  public static final String PROGRAM = "toxiproxy-server";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int SAID_LINES = 20;
  private static final long OUTPUT_MILLIS = 2000;

  private final Process process;
  private final Deque<String> said = new ArrayDeque<>();
  private final CountDownLatch read = new CountDownLatch(1);
  private @Nullable Toxiproxy links;

  private ToxiproxyServer(Process process) {
    this.process = process;
  }

  /** The first one in the directories of a PATH. */
  public static Optional<Path> onPath(@Nullable String path) {
    return Stream.of((path == null ? "" : path).split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, PROGRAM))
        .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
        .findFirst();
  }

  /** @throws BarmanException with code DRILL_CONFIGURATION when that cannot be a program */
  public static void requireProgram(Path program) {
    String problem = !Files.exists(program)
        ? "does not exist"
        : !Files.isRegularFile(program)
            ? "is not a file"
            : !Files.isExecutable(program) ? "is not executable" : "";
    if (!problem.isEmpty()) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "the network cannot be broken with " + program + ": it " + problem,
          "name the program toxiproxy-server as barman.drill.toxiproxyServer");
    }
  }

  /**
   * Starts the program and waits until it answers.
   *
   * @throws BarmanException DRILL_CONFIGURATION when that cannot be a program; DRILL_NETWORK when it does not start, ends at once, is too
   *     old or does not answer within 10 s; then it runs no more
   */
  public static ToxiproxyServer start(Path program) {
    return start(program, freePort(), PATIENCE);
  }

  static ToxiproxyServer start(Path program, int port, Duration patience) {
    requireProgram(program);
    List<String> command =
        List.of(program.toString(), "-host", Toxiproxy.LOOPBACK, "-port", Integer.toString(port));
    ToxiproxyServer server = new ToxiproxyServer(run(command));
    boolean started = false;
    try {
      server.follow();
      String version = server.awaitAnswer(program, port, patience);
      Toxiproxy toxiproxy =
          new Toxiproxy(new ToxiproxyClient(Toxiproxy.LOOPBACK, port), new AnyFreePort());
      toxiproxy.requireFaults(version);
      server.links = toxiproxy;
      started = true;
      return server;
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  /** Toxiproxy chooses, and says what it has chosen. */
  private record AnyFreePort() implements Toxiproxy.Doors {
    @Override
    public String next() {
      return Toxiproxy.LOOPBACK + ":0";
    }

    @Override
    public Toxiproxy.Door reached(String listen) {
      return new Toxiproxy.Door(
          Toxiproxy.LOOPBACK, Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1)));
    }
  }

  private static Process run(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PG") || name.startsWith("BARMAN_"));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_NETWORK,
          command.get(0) + " could not be run: " + e.getMessage(),
          "is it a program for this machine?",
          e);
    }
  }

  private void follow() {
    Thread reader = new Thread(this::read, "toxiproxy-log-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        say(line);
      }
    } catch (IOException e) {
      say("its output ended: " + e.getMessage());
    } finally {
      read.countDown();
    }
  }

  private synchronized void say(String line) {
    if (said.size() == SAID_LINES) {
      said.removeFirst();
    }
    said.addLast(line);
  }

  private synchronized String said() {
    return said.isEmpty() ? "it said nothing" : String.join("\n", said);
  }

  private String awaitAnswer(Path program, int port, Duration patience) {
    try {
      Optional<String> version = Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .atMost(patience)
          .until(
              () -> Toxiproxy.version(Toxiproxy.LOOPBACK, port),
              found -> found.isPresent() || !process.isAlive());
      // Whoever answers for a program that is dead is another one.
      if (version.isPresent() && process.isAlive()) {
        return version.get();
      }
    } catch (ConditionTimeoutException e) {
      throw failed(
          program + " did not answer at port " + port + " within " + patience.toSeconds() + " s");
    }
    await(process);
    awaitOutput();
    throw failed(program + " ended at once, with exit code " + process.exitValue());
  }

  /** What it said may be read a moment after its end; a child that it left may hold the output open. */
  private void awaitOutput() {
    try {
      read.await(OUTPUT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw InterruptedWork.in("starting Toxiproxy", e);
    }
  }

  private BarmanException failed(String problem) {
    return new BarmanException(
        ErrorCode.DRILL_NETWORK, problem, "is that toxiproxy-server? " + said());
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(Toxiproxy.LOOPBACK))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_NETWORK, "no free port on the loopback interface", "see the cause", e);
    }
  }

  /** For tests and messages. */
  long pid() {
    return process.pid();
  }

  @Override
  public Link link(String upstream) {
    return links().link(upstream);
  }

  @Override
  public Link resettableLink(String upstream) {
    return links().resettableLink(upstream);
  }

  private Toxiproxy links() {
    Toxiproxy found = links;
    if (found == null) {
      throw new IllegalStateException("the server has not started");
    }
    return found;
  }

  /** Its links go with it. An interrupted thread waits as well, and stays interrupted. */
  @Override
  public void close() {
    process.destroyForcibly();
    await(process);
  }

  private static void await(Process process) {
    boolean interrupted = Thread.interrupted();
    try {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (process.isAlive() && System.nanoTime() - deadline < 0) {
        try {
          process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (process.isAlive()) {
      throw new BarmanException(
          ErrorCode.DRILL_NETWORK,
          "process " + process.pid() + " of toxiproxy-server outlived SIGKILL by 10 s",
          "look at the load of this machine");
    }
  }
}
