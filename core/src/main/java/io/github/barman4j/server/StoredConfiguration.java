package io.github.barman4j.server;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a server is configured, to be stored with a backup: what its data directory does not hold is lost otherwise.
 *
 * @param files the texts of the files that the role may read
 * @param unreadable paths of files that it may not read, or cannot even be named
 * @param settings the effective settings in the syntax of postgresql.conf, each with its source; settings that only describe the
 *     server, and those that point to files and folders of its host's configuration, are comments
 */
public record StoredConfiguration(
    List<ConfigurationFile> files, List<String> unreadable, String settings) {
  /** What the settings are called in a backup. */
  public static final String SETTINGS = "settings.conf";

  public StoredConfiguration {
    files = List.copyOf(files);
    unreadable = List.copyOf(unreadable);
  }

  /** Everything by its name in a backup, in an order that stays. */
  public Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (ConfigurationFile file : files) {
      contents.put(file.name(), file.content());
    }
    contents.put(SETTINGS, settings.getBytes(StandardCharsets.UTF_8));
    return contents;
  }
}
