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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * A server from binaries on this machine, on a port of its own of the loopback interface.
 *
 * <p>Either a new cluster (data checksums, SCRAM passwords over TCP, superuser {@code postgres}) or an existing data directory, such
 * as a restored one, which is not deleted by {@link #close()}.
 */
public final class EmbeddedCluster implements Cluster {
  private static final Duration READY_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(1);
  private static final int PORT_ATTEMPTS = 5;

  /** What an honest figure needs; the server is asked, since a file or a role may say otherwise. */
  private static final List<String> DURABLE =
      List.of("fsync", "synchronous_commit", "full_page_writes");

  private final PostgresBinaries binaries;
  private final RunFolder folder;
  private final Path dataDirectory;
  private final Map<String, String> commandLine;
  private final Secret password;
  private final ServerLog log = new ServerLog();
  private final List<Long> leakedSharedMemory = new ArrayList<>();
  private volatile int port;
  private @Nullable ServerProcess process;

  private EmbeddedCluster(
      PostgresBinaries binaries,
      RunFolder folder,
      Path dataDirectory,
      Map<String, String> commandLine,
      Secret password) {
    this.binaries = binaries;
    this.folder = folder;
    this.dataDirectory = dataDirectory;
    this.commandLine = Map.copyOf(commandLine);
    this.password = password;
    this.port = LoopbackPort.free();
  }

  public static Builder builder(PostgresBinaries binaries) {
    return new Builder(binaries);
  }

  @Override
  public void start() {
    launch();
    awaitReady();
    requireDurable();
  }

  /** Starts the server's process without waiting for anything; the log tells how far it is. */
  public void launch() {
    if (isRunning()) {
      throw new IllegalStateException("the server runs already");
    }
    Map<String, String> options = new LinkedHashMap<>(commandLine);
    options.put("port", Integer.toString(port));
    options.put("listen_addresses", "127.0.0.1");
    options.put("unix_socket_directories", folder.path().toString());
    options.put("logging_collector", "off");
    options.put("log_destination", "stderr");
    options.put("lc_messages", "C");
    options.put("log_min_messages", "warning");
    // In files of the data directory: a killed server leaves nothing in /dev/shm.
    options.put("dynamic_shared_memory_type", "mmap");
    List<String> command = new ArrayList<>();
    command.add(binaries.program("postgres").toString());
    command.add("-D");
    command.add(dataDirectory.toString());
    options.forEach((name, value) -> {
      command.add("-c");
      command.add(name + "=" + value);
    });
    process =
        ServerProcess.start(folder.account().command(command), folder.path(), dataDirectory, log);
  }

  /** Waits after {@link #launch} until the server accepts connections that write: recovery is over. */
  public void awaitReady() {
    await(LogMark.READY);
  }

  /** Waits after {@link #launch} until the server accepts connections that read: it may still recover or be paused. */
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
      requireProcess().awaitEnd(STOP_TIMEOUT);
      // Somebody took the port after it was chosen: try another.
      if (attempt == PORT_ATTEMPTS || log.linesWith("Address already in use").size() < attempt) {
        throw startFailed("PostgreSQL " + binaries.version() + " did not start");
      }
      port = LoopbackPort.free();
      launch();
    }
  }

  private BarmanException startFailed(String problem) {
    return new BarmanException(
        ErrorCode.DRILL_CLUSTER,
        problem + " on " + dataDirectory + "\n" + log.tail(20),
        "the server's own words are above");
  }

  /**
   * Asks the server for what an honest figure needs; {@link #start} has done it.
   *
   * @throws BarmanException with code DRILL_CLUSTER when a commit would not be durable
   */
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
    requireProcess().signal(mode.signal());
    if (!requireProcess().awaitEnd(STOP_TIMEOUT)) {
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
    OptionalLong sharedMemory = requireProcess().sharedMemoryId();
    long nanos = requireProcess().kill();
    sharedMemory.ifPresent(leakedSharedMemory::add);
    return nanos;
  }

  @Override
  public void suspendProcess(long pid) {
    ServerProcess.signal(pid, "STOP");
  }

  @Override
  public boolean isRunning() {
    ServerProcess running = process;
    return running != null && running.isAlive();
  }

  private ServerProcess requireProcess() {
    ServerProcess running = process;
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

  public Path dataDirectory() {
    return dataDirectory;
  }

  /** Where the server's socket is. */
  public Path socketFolder() {
    return folder.path();
  }

  public PostgresBinaries binaries() {
    return binaries;
  }

  public int port() {
    return port;
  }

  /** The account that must own data directories which this machine's servers run on. */
  public String fileOwner() {
    return folder.account().owner();
  }

  /** Gives a file to the server's account. */
  void own(Path file) throws IOException {
    folder.account().own(file);
  }

  /** A new empty folder that the server can write to, removed with the cluster: for a tablespace or an archive. */
  public Path newFolder(String name) {
    return folder.newFolder(name);
  }

  @Override
  public String jdbcUrl(String database) {
    // The driver decodes the name as a URL (org.postgresql.util.URLCoder).
    return "jdbc:postgresql://127.0.0.1:" + port + "/"
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
    Properties properties = new Properties();
    properties.setProperty("user", user());
    properties.setProperty("password", password.reveal());
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("ApplicationName", "barman-drill");
    Connection connection = new Driver().connect(jdbcUrl(database), properties);
    if (connection == null) {
      throw new SQLException("the driver does not know " + jdbcUrl(database));
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
    try {
      if (isRunning()) {
        requireProcess().signal(StopMode.IMMEDIATE.signal());
        if (!requireProcess().awaitEnd(Duration.ofSeconds(10))) {
          kill();
        }
      }
      removeSharedMemory();
      folder.close();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A killed server's next start removes it; without a next start it stays as long as the machine runs. */
  private void removeSharedMemory() {
    for (long id : leakedSharedMemory) {
      Command.run(List.of("ipcrm", "-m", Long.toString(id)), null);
    }
    leakedSharedMemory.clear();
  }

  /** Settings of a cluster that does not run yet. */
  public static final class Builder {
    private final PostgresBinaries binaries;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<String> initdbOptions = new ArrayList<>();
    private Secret password = Secret.of(UUID.randomUUID().toString());
    private @Nullable Path existing;
    private boolean dataChecksums = true;

    private Builder(PostgresBinaries binaries) {
      this.binaries = binaries;
      DURABLE.forEach(name -> settings.put(name, "on"));
    }

    /** In postgresql.conf of a new cluster, on the command line of an existing one. */
    public Builder setting(String name, String value) {
      settings.put(name, value);
      return this;
    }

    /** For instance {@code --wal-segsize=1}. */
    public Builder initdbOption(String option) {
      initdbOptions.add(option);
      return this;
    }

    /** A new cluster whose pages have no checksums. */
    public Builder withoutDataChecksums() {
      dataChecksums = false;
      return this;
    }

    /** The superuser's password; an existing data directory has its own. */
    public Builder password(Secret password) {
      this.password = password;
      return this;
    }

    /** Runs on this data directory, which must belong to {@link EmbeddedCluster#fileOwner()}. */
    public Builder existing(Path dataDirectory) {
      this.existing = dataDirectory;
      return this;
    }

    /** Starts the server and waits until it accepts connections that write. */
    public EmbeddedCluster start() {
      EmbeddedCluster cluster = create();
      boolean started = false;
      try {
        cluster.start();
        started = true;
        return cluster;
      } finally {
        if (!started) {
          cluster.close();
        }
      }
    }

    /** Makes the cluster without starting it. */
    public EmbeddedCluster create() {
      RunFolder folder = RunFolder.create("cluster");
      boolean created = false;
      try {
        Path dataDirectory = existing;
        if (dataDirectory == null) {
          dataDirectory = folder.path().resolve("data");
          ClusterFiles.initialize(binaries, folder, dataDirectory, password, initdbOptions());
          ClusterFiles.configure(dataDirectory, settings);
        }
        Map<String, String> commandLine = existing == null ? Map.of() : settings;
        EmbeddedCluster cluster =
            new EmbeddedCluster(binaries, folder, dataDirectory, commandLine, password);
        created = true;
        return cluster;
      } finally {
        if (!created) {
          folder.close();
        }
      }
    }

    /** Since 18 checksums are on unless refused, and only since then can they be refused (initdb's manual page). */
    private List<String> initdbOptions() {
      List<String> options = new ArrayList<>(initdbOptions);
      if (dataChecksums) {
        options.add("--data-checksums");
      } else if (binaries.major() >= 18) {
        options.add("--no-data-checksums");
      }
      return options;
    }
  }
}
