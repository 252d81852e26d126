package io.github.barman4j.restore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Takes out of a configuration what would tie a restored server to the host that it comes from: where its files lie is decided by the
 * restore, and files and folders that are not here would keep it from starting. Pure but for the question whether a path is there.
 */
final class HostPaths {
  /** Where the restored server's files lie is decided by the restore; another server's pid file is not its to overwrite. */
  private static final Set<String> DECIDED = Set.of(
      "data_directory",
      "config_file",
      "hba_file",
      "ident_file",
      "external_pid_file",
      "stats_temp_directory");

  private static final Set<String> TLS_FILES = Set.of(
      "ssl_ca_file",
      "ssl_cert_file",
      "ssl_crl_dir",
      "ssl_crl_file",
      "ssl_dh_params_file",
      "ssl_key_file");

  private static final String NOTE = "  # taken out by the restore";

  private final Path dataDirectory;
  private final Predicate<Path> exists;
  private final Set<String> changes = new LinkedHashSet<>();

  /** @param exists whether a path is there for the restored server; relative ones were resolved in its data directory */
  HostPaths(Path dataDirectory, Predicate<Path> exists) {
    this.dataDirectory = dataDirectory;
    this.exists = exists;
  }

  /** What was changed so far, a phrase each, without values. */
  List<String> changes() {
    return List.copyOf(changes);
  }

  /** The text without such settings: their lines become comments. */
  ConfigurationText adjust(ConfigurationText text) {
    List<ConfigurationText.Line> lines = new ArrayList<>();
    boolean tlsBroken = false;
    for (ConfigurationText.Line line : text.lines()) {
      String name = line.name();
      String reason = name == null ? "" : reason(name, line.value());
      if (reason.isEmpty()) {
        lines.add(line);
      } else {
        changes.add(name + " taken out: " + reason);
        lines.add(ConfigurationText.Line.comment(line.text() + NOTE));
        tlsBroken |= TLS_FILES.contains(name);
      }
    }
    ConfigurationText adjusted = new ConfigurationText(lines);
    boolean on = adjusted.value("ssl").map(HostPaths::isOn).orElse(false);
    if (on && (tlsBroken || !hasServerCertificate(adjusted))) {
      changes.add("ssl set to off: its certificate or key is not here");
      return adjusted.plus(List.of("ssl = off  # set by the restore"));
    }
    return adjusted;
  }

  /** Empty when the setting may stay. */
  private String reason(String name, String value) {
    if (DECIDED.contains(name)) {
      return "the restore decides where files lie";
    }
    if (value.isEmpty()) {
      return "";
    }
    if (TLS_FILES.contains(name) && !isThere(value)) {
      return "the file is not here";
    }
    if (name.equals("unix_socket_directories") && !allAreThere(value)) {
      return "a folder is not here";
    }
    if (name.equals("log_directory") && value.startsWith("/") && !isThere(value)) {
      return "the folder is not here";
    }
    return "";
  }

  private boolean hasServerCertificate(ConfigurationText text) {
    return isThere(text.value("ssl_cert_file").orElse("server.crt"))
        && isThere(text.value("ssl_key_file").orElse("server.key"));
  }

  private boolean allAreThere(String folders) {
    return Arrays.stream(folders.split(","))
        .map(folder -> folder.strip().replace("\"", ""))
        .filter(folder -> !folder.isEmpty() && !folder.startsWith("@"))
        .allMatch(this::isThere);
  }

  private boolean isThere(String value) {
    return exists.test(dataDirectory.resolve(value));
  }

  /** The server takes any beginning of these words (bool.c, parse_bool, 15–18). */
  private static boolean isOn(String value) {
    String word = value.toLowerCase(Locale.ROOT);
    return !word.isEmpty()
        && ("on".equals(word)
            || "1".equals(word)
            || "true".startsWith(word)
            || "yes".startsWith(word));
  }
}
