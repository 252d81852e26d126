package io.github.barman4j.restore;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a restored server is kept apart from production when it is only started to look at it: a place of its own to listen at, no
 * libraries of production's, no logical replication workers, which would eat the slots of production's publishers.
 *
 * @param listenAddresses as in the setting listen_addresses; empty for the Unix socket alone
 * @param port 1 to 65535
 * @param socketDirectory exists and is writable for the user that runs the server
 */
public record TestServer(String listenAddresses, int port, Path socketDirectory) {

  /** The settings in addition to those of every restore. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("listen_addresses", listenAddresses);
    settings.put("port", Integer.toString(port));
    settings.put(
        "unix_socket_directories", "\"" + socketDirectory.toString().replace("\"", "\"\"") + "\"");
    settings.put("shared_preload_libraries", "");
    settings.put("session_preload_libraries", "");
    settings.put("local_preload_libraries", "");
    settings.put("max_logical_replication_workers", "0");
    settings.put("ssl", "off");
    settings.put("logging_collector", "off");
    settings.put("log_destination", "stderr");
    settings.put("external_pid_file", "");
    settings.put("huge_pages", "off");
    return settings;
  }
}
