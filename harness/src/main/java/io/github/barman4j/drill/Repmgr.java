package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.Cluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * repmgr over a primary and its standby, with a daemon on each that watches the primary; the standby's promotes it when the primary does
 * not answer. The programs are those beside the servers, whose images must have them.
 */
final class Repmgr {
  /** What the servers must load. */
  static final String LIBRARY = "repmgr";

  /** Twice a second apart instead of six times ten seconds apart (repmgr's defaults), so that a drill does not wait for a minute. */
  static final int ATTEMPTS = 2;

  static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final String DATABASE = "repmgr";
  private static final int PRIMARY = 1;
  private static final int STANDBY = 2;

  private final Path folder;

  private Repmgr(Path folder) {
    this.folder = folder;
  }

  /** Registers the primary; a backup that is taken afterwards has repmgr's tables. */
  static Repmgr over(Primary primary, Path folder) {
    Repmgr repmgr = new Repmgr(folder);
    Cluster cluster = primary.cluster();
    cluster.execute("postgres", "CREATE DATABASE " + DATABASE);
    repmgr.configure(cluster, PRIMARY);
    repmgr.call(cluster, PRIMARY, "primary", "register");
    return repmgr;
  }

  /** Registers the standby and starts the daemons. */
  void watch(Primary primary, Follower follower) {
    Cluster standby = follower.server();
    follower.awaitReplayed(primary);
    configure(standby, STANDBY);
    call(standby, STANDBY, "standby", "register", "--force", "--upstream-node-id=" + PRIMARY);
    follower.awaitReplayed(primary);
    startDaemon(primary.cluster(), PRIMARY);
    startDaemon(standby, STANDBY);
  }

  /** What the standby's daemon has written. */
  String said() {
    try {
      return Files.readString(log(STANDBY));
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  /** Of the programs, for instance {@code repmgr 5.3.3}. */
  static String version(Cluster server) {
    return server.run(List.of("repmgr", "--version")).strip();
  }

  private void startDaemon(Cluster server, int node) {
    server.run(List.of(
        "repmgrd",
        "-f",
        configuration(node).toString(),
        "--daemonize=true",
        "-p",
        folder.resolve(node + ".pid").toString()));
  }

  private void call(Cluster server, int node, String... words) {
    List<String> command =
        new ArrayList<>(List.of("repmgr", "-f", configuration(node).toString()));
    command.addAll(List.of(words));
    server.run(command);
  }

  private void configure(Cluster server, int node) {
    Path passwords = folder.resolve(node + ".pgpass");
    Path configuration = configuration(node);
    try {
      Files.writeString(
          passwords, "*:*:*:*:" + server.password().reveal() + "\n", StandardCharsets.UTF_8);
      Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
      server.own(passwords);
      Files.write(configuration, settings(server, node, passwords), StandardCharsets.UTF_8);
      server.own(configuration);
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "repmgr's configuration could not be written",
          "see the cause",
          e);
    }
  }

  private List<String> settings(Cluster server, int node, Path passwords) {
    Cluster.Address address = server.addressForServers();
    String repmgr = "repmgr -f " + configuration(node) + " --log-to-file standby ";
    return List.of(
        "node_id=" + node,
        "node_name='node" + node + "'",
        "conninfo='host=" + address.host() + " port=" + address.port() + " user=" + server.user()
            + " dbname=" + DATABASE + " connect_timeout=2 passfile=" + passwords + "'",
        "data_directory='" + server.dataDirectory() + "'",
        "failover=automatic",
        "promote_command='" + repmgr + "promote'",
        "follow_command='" + repmgr + "follow --upstream-node-id=%n'",
        "monitor_interval_secs=1",
        "reconnect_attempts=" + ATTEMPTS,
        "reconnect_interval=" + INTERVAL.toSeconds(),
        "log_file='" + log(node) + "'");
  }

  private Path configuration(int node) {
    return folder.resolve(node + ".conf");
  }

  private Path log(int node) {
    return folder.resolve(node + ".log");
  }
}
