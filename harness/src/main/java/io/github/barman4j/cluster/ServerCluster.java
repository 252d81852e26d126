package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * What servers have in common wherever they run: waiting for what the log says, stopping, killing, asking whether commits are durable.
 *
 * <p>Their files are in this machine's file system, and clients reach them at a port of its loopback interface.
 */
abstract class ServerCluster implements Cluster {
  /** What an honest figure needs; the server is asked, since a file or a role may say otherwise. */
  static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");

  private static final Duration READY_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(1);

  private final RunFolder folder;
  private final Path dataDirectory;
  private final Map<String, String> commandLine;
  private final Secret password;
  private final ServerLog log = new ServerLog();
  private volatile int port = LoopbackPort.free();
  private @Nullable ServerRun run;

  ServerCluster(
      RunFolder folder, Path dataDirectory, Map<String, String> commandLine, Secret password) {
    this.folder = folder;
    this.dataDirectory = dataDirectory;
    this.commandLine = Map.copyOf(commandLine);
    this.password = password;
  }

  /** Starts a postmaster with settings on its command line, and does not wait. */
  abstract ServerRun run(Map<String, String> settings);

  /** Runs a program that is installed with the server, which runs. */
  abstract Command.Result execute(List<String> command);

  /** After a start that came to nothing: whether the port was the reason. */
  abstract boolean isPortTaken(int attempt);

  /** The server runs no more; its folder is deleted afterwards. */
  abstract void removeTraces();

  @Override
  public void start() {
    launch();
    awaitReady();
    requireDurable();
  }

  @Override
  public void launch() {
    if (isRunning()) {
      throw new IllegalStateException("the server runs already");
    }
    Map<String, String> settings = new LinkedHashMap<>(commandLine);
    settings.put("unix_socket_directories", folder.path().toString());
    settings.put("logging_collector", "off");
    settings.put("log_destination", "stderr");
    settings.put("lc_messages", "C");
    settings.put("log_min_messages", "warning");
    // In files of the data directory: a killed server leaves nothing in /dev/shm.
    settings.put("dynamic_shared_memory_type", "mmap");
    if (wasLaunched()) {
      requireRun().remove();
    }
    log.begin();
    run = run(settings);
  }

  @Override
  public void awaitReady() {
    await(LogMark.READY);
  }

  @Override
  public void awaitReadOnly() {
    await(LogMark.READY_READ_ONLY);
  }

  private void await(LogMark mark) {
    for (int attempt = 1; ; attempt++) {
      boolean decided = Poll.until(
          Duration.ofMillis(5),
          READY_TIMEOUT,
          () -> log.has(mark) || log.has(LogMark.READY) || !isRunning());
      if (!decided) {
        throw startFailed("PostgreSQL was not ready after " + READY_TIMEOUT.toMinutes() + " min");
      }
      if (isRunning()) {
        return;
      }
      requireRun().awaitEnd(STOP_TIMEOUT);
      // Somebody took the port after it was chosen: try another.
      if (!isPortTaken(attempt)) {
        throw startFailed("PostgreSQL " + version() + " did not start");
      }
      chooseAnotherPort();
      launch();
    }
  }

  private BarmanException startFailed(String problem) {
    return new BarmanException(
        ErrorCode.DRILL_CLUSTER,
        problem + " on " + dataDirectory + "\n" + log.tail(20),
        "the server's own words are above");
  }

  @Override
  public void requireDurable() {
    for (String name : DURABLE) {
      String value = show(name);
      if (!value.equals("on")) {
        throw new BarmanException(
            ErrorCode.DRILL_CLUSTER,
            name + " is " + value + ", so what was lost cannot be measured",
            "leave fsync, synchronous_commit and full_page_writes on");
      }
    }
  }

  @Override
  public void stop(StopMode mode) {
    if (!isRunning()) {
      return;
    }
    requireRun().stop(mode);
    if (!requireRun().awaitEnd(STOP_TIMEOUT)) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "PostgreSQL did not stop within " + STOP_TIMEOUT.toSeconds() + " s\n" + log.tail(20),
          "the server's own words are above");
    }
  }

  @Override
  public long kill() {
    if (!isRunning()) {
      throw new IllegalStateException("the server does not run");
    }
    return requireRun().kill();
  }

  @Override
  public String run(List<String> command) {
    Command.Result result = execute(command);
    if (!result.succeeded()) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          String.join(" ", command) + " ended with " + result.exitCode() + ":\n" + result.output(),
          "its own words are above");
    }
    return result.output();
  }

  @Override
  public void suspendProcess(long pid) {
    requireRun().suspend(pid);
  }

  @Override
  public void pause() {
    requireRun().pause();
  }

  @Override
  public void resume() {
    requireRun().resume();
  }

  @Override
  public boolean isRunning() {
    ServerRun running = run;
    return running != null && running.isAlive();
  }

  boolean wasLaunched() {
    return run != null;
  }

  ServerRun requireRun() {
    ServerRun running = run;
    if (running == null) {
      throw new IllegalStateException("the server was not started");
    }
    return running;
  }

  @Override
  public void deleteDataDirectory() {
    if (isRunning()) {
      throw new IllegalStateException("the server runs");
    }
    ClusterFiles.delete(dataDirectory);
  }

  @Override
  public Path dataDirectory() {
    return dataDirectory;
  }

  @Override
  public Path socketFolder() {
    return folder.path();
  }

  @Override
  public int port() {
    return port;
  }

  /** Somebody else has the port. */
  void chooseAnotherPort() {
    port = LoopbackPort.free();
  }

  @Override
  public String fileOwner() {
    return folder.account().owner();
  }

  @Override
  public void own(Path file) {
    try {
      folder.account().own(file);
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          file + " could not be given to " + fileOwner(),
          "see the cause",
          e);
    }
  }

  @Override
  public Path newFolder(String name) {
    return folder.newFolder(name);
  }

  RunFolder folder() {
    return folder;
  }

  @Override
  public String jdbcUrl(String database) {
    return jdbcUrl(database, new Address("127.0.0.1", port));
  }

  private static String jdbcUrl(String database, Address address) {
    // The driver decodes the name as a URL (org.postgresql.util.URLCoder).
    return "jdbc:postgresql://" + address.host() + ":" + address.port() + "/"
        + URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  @Override
  public String user() {
    return "postgres";
  }

  @Override
  public Secret password() {
    return password;
  }

  @Override
  public Connection connect(String database) throws SQLException {
    return open(jdbcUrl(database));
  }

  @Override
  public Connection connect(String database, Address detour) throws SQLException {
    return open(jdbcUrl(database, detour));
  }

  private Connection open(String url) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user());
    properties.setProperty("password", password.reveal());
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("ApplicationName", "barman-drill");
    Connection connection = new Driver().connect(url, properties);
    if (connection == null) {
      throw new SQLException("the driver does not know " + url);
    }
    return connection;
  }

  @Override
  public ServerLog log() {
    return log;
  }

  /** An interrupted thread cleans up as well, and stays interrupted. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try (folder) {
      if (isRunning()) {
        requireRun().stop(StopMode.IMMEDIATE);
        if (!requireRun().awaitEnd(Duration.ofSeconds(10))) {
          kill();
        }
      }
      removeTraces();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
