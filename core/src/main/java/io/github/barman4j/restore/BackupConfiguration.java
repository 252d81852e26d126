package io.github.barman4j.restore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The configuration that was stored with a backup, besides its data directory. Pure.
 *
 * <p>The texts are called {@code postgresql.conf}, {@code pg_hba.conf} and {@code pg_ident.conf}; an included file by its path below the
 * folder of postgresql.conf or below the data directory, any other {@code outside/} and its whole path. {@code settings.conf} has the
 * effective settings; those that were not set by a file are comments without a blank.
 *
 * @param texts by name
 * @param dataDirectory of the server that was backed up
 */
record BackupConfiguration(Map<String, String> texts, String dataDirectory) {
  static final String MAIN = "postgresql.conf";
  static final String HBA = "pg_hba.conf";
  static final String IDENT = "pg_ident.conf";
  private static final String SETTINGS = "settings.conf";

  /** What the server calls the place of each file. */
  static final Map<String, String> PLACES = Map.of(
      MAIN, "config_file",
      HBA, "hba_file",
      IDENT, "ident_file");

  private static final String GENERATED_HBA = """
      # Written by Barman for Maven: the backup has no pg_hba.conf.
      local all         all               peer
      host  all         all 127.0.0.1/32  scram-sha-256
      host  all         all ::1/128       scram-sha-256
      local replication all               peer
      """;

  BackupConfiguration {
    texts = Map.copyOf(texts);
  }

  /**
   * What is to be written into a restored data directory.
   *
   * @param files new contents by name
   * @param changes what was done, a sentence each, without values
   */
  record Adoption(Map<String, String> files, List<String> changes) {}

  /** All settings that the server had, by name, defaults included; empty when none were stored. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    String stored = texts.getOrDefault(SETTINGS, "");
    ConfigurationText.parse(stored.replaceAll("(?m)^#(?=[A-Za-z_])", "")).lines().stream()
        .filter(line -> line.name() != null)
        .forEach(line -> settings.put(String.valueOf(line.name()), line.value()));
    return settings;
  }

  /**
   * Decides which configuration files a restored data directory gets.
   *
   * @param present those of the three main files that the data directory has, with their contents
   * @param paths takes out what ties them to the other host
   */
  Adoption adopt(Map<String, String> present, HostPaths paths) {
    Map<String, String> settings = settings();
    Map<String, String> files = new LinkedHashMap<>();
    List<String> changes = new ArrayList<>();
    String own = present.get(MAIN);
    if (own != null && !liesOutside(MAIN, settings)) {
      String adjusted = paths.adjust(ConfigurationText.parse(own)).text();
      if (!paths.changes().isEmpty()) {
        files.put(MAIN, adjusted);
      }
    } else {
      files.put(MAIN, main(settings, paths, changes));
    }
    paths.changes().forEach(change -> changes.add(MAIN + ": " + change));
    for (String name : List.of(HBA, IDENT)) {
      if (!present.containsKey(name) || liesOutside(name, settings)) {
        files.put(name, access(name, settings, changes));
      }
    }
    return new Adoption(files, changes);
  }

  private boolean liesOutside(String name, Map<String, String> settings) {
    String place = settings.getOrDefault(PLACES.getOrDefault(name, ""), "");
    return place.startsWith("/") && !place.startsWith(dataDirectory + "/");
  }

  private String main(Map<String, String> settings, HostPaths paths, List<String> changes) {
    String stored = texts.get(MAIN);
    if (stored == null) {
      changes.add(
          MAIN
              + " written from the effective settings that the backup has, since it does not have its text");
      return paths
          .adjust(ConfigurationText.parse(texts.getOrDefault(SETTINGS, "")))
          .text();
    }
    FlatConfiguration flat = new FlatConfiguration(new Stored(folderOf(MAIN, settings)));
    ConfigurationText text = flat.flatten(stored, folderOf(MAIN, settings));
    changes.add(MAIN + " written from the backup's configuration, included files in their places");
    if (!flat.absent().isEmpty()) {
      flat.absent()
          .forEach(path -> changes.add(MAIN + ": the backup does not have the included file " + path
              + "; the effective settings that it has follow instead"));
      text = text.plus(activeSettings());
    }
    return paths.adjust(text).text();
  }

  private List<String> activeSettings() {
    return ConfigurationText.parse(texts.getOrDefault(SETTINGS, "")).lines().stream()
        .filter(line -> line.name() != null)
        .map(ConfigurationText.Line::text)
        .toList();
  }

  private String access(String name, Map<String, String> settings, List<String> changes) {
    String stored = texts.get(name);
    if (stored != null) {
      changes.add(name + " written from the backup's configuration");
      FlatConfiguration flat = new FlatConfiguration(new Stored(folderOf(name, settings)));
      return flat.flatten(stored, folderOf(name, settings)).text();
    }
    if (name.equals(IDENT)) {
      return "";
    }
    changes.add(
        name
            + " written anew, since the backup does not have its text: local users by peer, local connections by password");
    return GENERATED_HBA;
  }

  private Path folderOf(String name, Map<String, String> settings) {
    String place = settings.getOrDefault(PLACES.getOrDefault(name, ""), "");
    Path folder = place.startsWith("/") ? Path.of(place).getParent() : null;
    return folder == null ? Path.of("/") : folder;
  }

  /** Finds included files among the stored ones. */
  private final class Stored implements FlatConfiguration.Includes {
    private final Map<Path, String> byPath = new TreeMap<>();

    Stored(Path folder) {
      texts.forEach((name, text) -> {
        if (name.startsWith("outside/")) {
          byPath.put(Path.of(name.substring("outside".length())), text);
        } else {
          byPath.put(folder.resolve(name), text);
          byPath.putIfAbsent(Path.of(dataDirectory).resolve(name), text);
        }
      });
    }

    @Override
    public Optional<String> file(Path path) {
      return Optional.ofNullable(byPath.get(path));
    }

    @Override
    public List<Path> directory(Path path) {
      return byPath.keySet().stream()
          .filter(file -> path.equals(file.getParent()))
          .filter(file -> file.getFileName().toString().matches("[^.].*\\.conf"))
          .toList();
    }
  }
}
