package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * A throw-away server on a copy of somebody's cluster, whose passwords nobody here knows and which must reach nothing.
 *
 * <p>It listens at a Unix socket in a folder that only its own account may enter, at no network address, and lets in whoever comes that
 * way: the folder is the lock. In a container, it has no network at all, and of this machine's files its own folder alone. The cluster's own pg_hba.conf and pg_ident.conf are not read. What would make it archive, follow, load
 * libraries or subscribe is off on its command line, which no file overrules.
 *
 * <p>Used by one thread. {@link #close()} stops it and deletes the copy.
 */
public final class IsolatedServer implements AutoCloseable {
  private static final Duration READY_TIMEOUT = Duration.ofHours(12);
  private static final Duration STOP_TIMEOUT = Duration.ofMinutes(10);
  private static final int PORT = 5432;

  private final Servers servers;
  private final Site site;
  private final String superuser;
  private final Path socketFolder;
  private final ServerLog log = new ServerLog();
  private @Nullable ServerRun run;

  private IsolatedServer(Servers servers, Site site, String superuser, Path socketFolder) {
    this.servers = servers;
    this.site = site;
    this.superuser = superuser;
    this.socketFolder = socketFolder;
  }

  /**
   * Makes the folders; the data directory is the caller's to fill.
   *
   * @param site of these servers, {@linkplain Servers#openIsolated isolated}; it is closed with this server
   * @param superuser a role of the copied cluster
   */
  public static IsolatedServer create(Servers servers, Site site, String superuser) {
    boolean created = false;
    try {
      RunFolder folder = site.root();
      Path sockets = folder.newFolder("socket");
      write(folder, "hba.conf", "local all all trust\n");
      write(folder, "ident.conf", "");
      IsolatedServer server = new IsolatedServer(servers, site, superuser, sockets);
      created = true;
      return server;
    } finally {
      if (!created) {
        site.close();
      }
    }
  }

  private static void write(RunFolder folder, String name, String text) {
    Path file = folder.path().resolve(name);
    try {
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      folder.account().own(file);
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER, file + " could not be written", "see the cause", e);
    }
  }

  /** Does not exist until something is restored there. */
  public Path dataDirectory() {
    return site.root().path().resolve("data");
  }

  /** A new empty folder for a tablespace. */
  public Path tablespace(String name) {
    return site.root().newFolder("tablespace-" + name);
  }

  public Path socketFolder() {
    return socketFolder;
  }

  /** Part of the socket's name alone: it listens at no network address. */
  public int port() {
    return PORT;
  }

  public String fileOwner() {
    return site.root().account().owner();
  }

  public Servers servers() {
    return servers;
  }

  public ServerLog log() {
    return log;
  }

  /** Starts the server without waiting for anything. */
  public void launch() {
    List<String> arguments = new ArrayList<>(List.of("-D", dataDirectory().toString()));
    options().forEach((name, value) -> {
      arguments.add("-c");
      arguments.add(name + "=" + value);
    });
    log.begin();
    run = site.launch(dataDirectory(), arguments, log);
  }

  private Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("port", Integer.toString(PORT));
    options.put("listen_addresses", "");
    options.put("unix_socket_directories", socketFolder.toString());
    options.put("unix_socket_permissions", "0700");
    options.put("unix_socket_group", "");
    options.put("hba_file", site.root().path().resolve("hba.conf").toString());
    options.put("ident_file", site.root().path().resolve("ident.conf").toString());
    options.put("ssl", "off");
    options.put("logging_collector", "off");
    options.put("log_destination", "stderr");
    options.put("log_min_messages", "warning");
    options.put("log_line_prefix", "%m [%p] ");
    options.put("log_statement", "none");
    options.put("lc_messages", "C");
    options.put("dynamic_shared_memory_type", "mmap");
    for (String off : List.of("archive_mode", "autovacuum", "restart_after_crash")) {
      options.put(off, "off");
    }
    for (String none : List.of(
        "archive_command",
        "archive_library",
        "primary_conninfo",
        "primary_slot_name",
        "synchronous_standby_names",
        "shared_preload_libraries",
        "session_preload_libraries",
        "local_preload_libraries")) {
      options.put(none, "");
    }
    options.put("max_logical_replication_workers", "0");
    for (String durable : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      options.put(durable, "on");
    }
    if (servers.major() >= 17) {
      options.put("event_triggers", "off");
      options.put("sync_replication_slots", "off");
    }
    return options;
  }

  /**
   * Waits after {@link #launch} until recovery is over and the server takes writes.
   *
   * @throws BarmanException with code DRILL_CLUSTER and the server's last words when it ends before
   */
  public void awaitReady() {
    boolean decided = Poll.until(
        Duration.ofMillis(5), READY_TIMEOUT, () -> log.has(LogMark.READY) || !isRunning());
    if (!decided || !isRunning()) {
      ServerRun ended = run;
      if (ended != null) {
        ended.awaitEnd(Duration.ofSeconds(10));
      }
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "PostgreSQL " + servers.version() + " from " + servers.origin()
              + " did not start on the restored cluster: " + lastWords() + "\n" + log.tail(20),
          "the server's own words are above; where these programs lack what the cluster needs, name others with "
              + servers.originProperty());
    }
  }

  /** The first line that says why it ended, without its time and process. */
  private String lastWords() {
    return log.lines().stream()
        .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
        .map(line -> line.replaceFirst(".*?(?=FATAL:|PANIC:)", ""))
        .findFirst()
        .orElse("it said nothing");
  }

  private boolean isRunning() {
    ServerRun running = run;
    return running != null && running.isAlive();
  }

  /** Stops it with a checkpoint, so that its files hold everything. */
  public void stop() {
    ServerRun running = run;
    if (running == null || !running.isAlive()) {
      return;
    }
    running.stop(StopMode.FAST);
    if (!running.awaitEnd(STOP_TIMEOUT)) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "PostgreSQL did not stop within " + STOP_TIMEOUT.toMinutes() + " min\n" + log.tail(20),
          "the server's own words are above");
    }
  }

  /** As the superuser; neither event triggers nor row triggers of the cluster fire, and no time limit of its roles holds. */
  public Connection connect(String database) throws SQLException {
    return connect(database, "-c session_replication_role=replica -c search_path=pg_catalog");
  }

  /** As the superuser, with what the cluster has set for its roles and databases. */
  public Connection connectAsUser(String database) throws SQLException {
    return connect(database, "");
  }

  private Connection connect(String database, String options) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", superuser);
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
    properties.setProperty(
        "socketFactoryArg", socketFolder.resolve(".s.PGSQL." + PORT).toString());
    properties.setProperty("ApplicationName", "barman-drill");
    properties.setProperty(
        "options",
        "-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 "
            + options);
    // The driver decodes the name as a URL; host and port are the socket factory's.
    String url =
        "jdbc:postgresql://localhost/" + URLEncoder.encode(database, StandardCharsets.UTF_8);
    Connection connection = new Driver().connect(url, properties);
    if (connection == null) {
      throw new SQLException("the driver does not know its own address");
    }
    return connection;
  }

  /** An interrupted thread cleans up as well, and stays interrupted. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try (site) {
      ServerRun running = run;
      if (running != null && running.isAlive()) {
        running.stop(StopMode.IMMEDIATE);
        if (!running.awaitEnd(Duration.ofSeconds(10))) {
          running.destroy();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
