package io.github.barman4j.server;

import io.github.barman4j.EventSink;
import io.github.barman4j.protocol.ServerErrorException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads how a server is configured, as far as the role may. */
final class ConfigurationReader {
  /** Whatever is longer is no configuration. */
  private static final int LARGEST_FILE = 8 << 20;

  private static final Map<String, String> MAIN_FILES = new LinkedHashMap<>();

  static {
    MAIN_FILES.put("config_file", "postgresql.conf");
    MAIN_FILES.put("hba_file", "pg_hba.conf");
    MAIN_FILES.put("ident_file", "pg_ident.conf");
  }

  private static final String SETTINGS = """
      select name, setting, unit, context, source, sourcefile, sourceline from pg_settings
       order by lower(name)""";

  /** Session settings hide what the file says. */
  private static final String FILE_VALUES =
      "select name, setting, sourcefile, sourceline from pg_file_settings where applied order by seqno";

  /** Each needs EXECUTE of its own, and any of them will do. */
  private static final List<String> READERS = List.of(
      "select pg_read_binary_file(?, 0, " + LARGEST_FILE + ")",
      "select pg_read_binary_file(?)",
      "select convert_to(pg_read_file(?), 'UTF8')");

  private final Sql sql;
  private final int major;
  private final EventSink events;

  ConfigurationReader(Sql sql, int major, EventSink events) {
    this.sql = sql;
    this.major = major;
    this.events = events;
  }

  StoredConfiguration read() {
    List<Setting> settings = settings();
    Map<String, String> byName =
        settings.stream().collect(Collectors.toMap(Setting::name, Setting::value));
    Map<String, String> names = new LinkedHashMap<>();
    Set<String> missing = new LinkedHashSet<>();
    MAIN_FILES.forEach((setting, name) -> {
      String path = byName.get(setting);
      if (path == null || path.isEmpty()) {
        missing.add(name);
      } else {
        names.put(path, name);
      }
    });
    Naming naming = new Naming(byName.get("data_directory"), byName.get("config_file"));
    Set<String> taken = new HashSet<>(names.values());
    for (String path : included()) {
      if (!names.containsKey(path)) {
        names.put(path, naming.name(path, taken));
      }
    }
    List<ConfigurationFile> files = new ArrayList<>();
    List<String> unreadable = new ArrayList<>(missing);
    names.forEach((path, name) -> content(path)
        .ifPresentOrElse(
            content -> files.add(new ConfigurationFile(name, path, naming.isInside(path), content)),
            () -> unreadable.add(path)));
    tell(unreadable);
    return new StoredConfiguration(files, unreadable, text(settings));
  }

  private List<Setting> settings() {
    Map<String, Setting> inFile = fileValues();
    return sql.list("reading the settings", SETTINGS, row -> {
      String name = row.getString("name");
      String source = row.getString("source");
      Setting file = inFile.get(name.toLowerCase(Locale.ROOT));
      boolean hidden =
          Set.of("client", "session", "user", "database", "database user").contains(source);
      if (hidden && file != null) {
        return file;
      }
      String value = row.getString("setting");
      return new Setting(
          name,
          value == null ? "" : value,
          row.getString("unit"),
          row.getString("context"),
          source,
          place(row.getString("sourcefile"), row.getInt("sourceline")));
    });
  }

  private Map<String, Setting> fileValues() {
    Map<String, Setting> values = new LinkedHashMap<>();
    readable(() -> sql.list("reading the configuration files' settings", FILE_VALUES, row -> {
          String value = row.getString("setting");
          return new Setting(
              row.getString("name"),
              value == null ? "" : value,
              null,
              "sighup",
              "configuration file",
              place(row.getString("sourcefile"), row.getInt("sourceline")));
        }))
        .forEach(setting -> values.put(setting.name().toLowerCase(Locale.ROOT), setting));
    return values;
  }

  private static @Nullable String place(@Nullable String file, int line) {
    return file == null ? null : file + ":" + line;
  }

  /** Paths of the files that others include, as far as they can be known. */
  private Set<String> included() {
    Set<String> paths = new LinkedHashSet<>();
    List<String> queries = new ArrayList<>(List.of(
        "select distinct sourcefile from pg_file_settings where sourcefile is not null order by 1",
        "select distinct sourcefile from pg_settings where sourcefile is not null order by 1"));
    if (major >= 16) {
      queries.add(
          "select distinct file_name from pg_hba_file_rules where file_name is not null order by 1");
      queries.add(
          "select distinct file_name from pg_ident_file_mappings where file_name is not null order by 1");
    }
    for (String query : queries) {
      paths.addAll(
          readable(() -> sql.list("listing configuration files", query, row -> row.getString(1))));
    }
    return paths;
  }

  private Optional<byte[]> content(String path) {
    for (String reader : READERS) {
      List<byte[]> found =
          readable(() -> sql.list("reading " + path, reader, row -> row.getBytes(1), path));
      if (!found.isEmpty()) {
        return Optional.of(found.get(0));
      }
    }
    return Optional.empty();
  }

  @FunctionalInterface
  private interface Query<T> {
    List<T> run();
  }

  /** What the server refuses to show or cannot read is not there; a lost connection is an error all the same. */
  private static <T> List<T> readable(Query<T> query) {
    try {
      return query.run();
    } catch (ServerErrorException e) {
      System.getLogger(ConfigurationReader.class.getName())
          .log(System.Logger.Level.DEBUG, "not readable: {0}", e.problem());
      return List.of();
    }
  }

  private void tell(List<String> unreadable) {
    if (!unreadable.isEmpty()) {
      events.warn(
          "configuration files that the role may not read are not in the backup unless they lie in the data directory: "
              + String.join(", ", unreadable),
          "grant the role pg_read_all_settings, pg_read_server_files and EXECUTE on pg_read_binary_file(text); the effective settings are stored in any case.");
    }
  }

  private static String text(List<Setting> settings) {
    StringBuilder text = new StringBuilder(
        "# Effective settings, each with its source. Comments: not set by the server's configuration,\n"
            + "# or true of that host alone.\n");
    settings.forEach(setting -> text.append(setting.line()).append('\n'));
    return text.toString();
  }

  /** What a file is called in a backup. */
  private record Naming(
      @Nullable String dataDirectory, @Nullable String configFile) {
    boolean isInside(String path) {
      return dataDirectory != null && path.startsWith(dataDirectory + "/");
    }

    String name(String path, Set<String> taken) {
      String name = "outside" + (path.startsWith("/") ? "" : "/") + path;
      String folder = configFile == null || configFile.lastIndexOf('/') < 0
          ? null
          : configFile.substring(0, configFile.lastIndexOf('/'));
      if (isInside(path) && dataDirectory != null) {
        name = path.substring(dataDirectory.length() + 1);
      } else if (folder != null && path.startsWith(folder + "/")) {
        name = path.substring(folder.length() + 1);
      }
      if (!taken.add(name)) {
        name = "outside" + path;
        taken.add(name);
      }
      return name;
    }
  }
}
