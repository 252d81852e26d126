package io.github.barman4j.server;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row of pg_settings (manual, 54.24).
 *
 * @param unit of the number; null for none
 * @param source where the value comes from: {@code configuration file}, {@code default}, …
 * @param place file and line; null when the role may not see it or there is none
 */
record Setting(
    String name,
    String value,
    @Nullable String unit,
    String context,
    String source,
    @Nullable String place) {

  private static final Set<String> OF_THE_SERVER =
      Set.of("configuration file", "command line", "environment variable");

  /** They name files and folders of the server's host, and would mislead another server. */
  private static final Set<String> OF_THE_HOST =
      Set.of("config_file", "data_directory", "external_pid_file", "hba_file", "ident_file");

  /** Whether another server with this configuration should have the line. */
  private boolean isActive() {
    return OF_THE_SERVER.contains(source)
        && !context.equals("internal")
        && !OF_THE_HOST.contains(name);
  }

  /** A line of postgresql.conf, quoted as guc-file.l reads it (15–18). */
  String line() {
    String quoted =
        value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n").replace("\r", "\\r");
    String from = place == null ? source : source + " " + place;
    return (isActive() ? "" : "#")
        + name
        + " = '"
        + quoted
        + "'  # "
        + (unit == null ? "" : "in " + unit + ", ")
        + from.replace('\n', ' ').replace('\r', ' ');
  }
}
