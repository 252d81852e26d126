package io.github.barman4j.maven;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code barman.tablespaces}: {@code name=/directory,…}, each tablespace once, each in a directory of its own. */
final class TablespaceMapping {
  private static final String FORM =
      "write name=/absolute/directory, separated by commas: history=/srv/history,idx=/srv/idx";

  private TablespaceMapping() {}

  /** @return directories by tablespace name, in the order given */
  static Map<String, Path> parse(ParameterValue value) {
    Map<String, Path> directories = new LinkedHashMap<>();
    for (String item : value.list()) {
      int equals = item.indexOf('=');
      if (equals < 1 || equals == item.length() - 1) {
        throw value.refused("without a name and a directory in '" + item + "'", FORM);
      }
      String name = item.substring(0, equals);
      ParameterValue place = new ParameterValue(value.name(), item.substring(equals + 1));
      if (!place.text().startsWith("~/") && !place.text().startsWith("/")) {
        throw value.refused("with the relative directory '" + place.text() + "'", FORM);
      }
      Path directory = place.path(Path.of("/"));
      if (directories.containsValue(directory)) {
        throw value.refused(
            "using the directory " + directory + " twice",
            "give each tablespace its own directory");
      }
      if (directories.putIfAbsent(name, directory) != null) {
        throw value.refused(
            "naming the tablespace '" + name + "' twice", "give each tablespace one directory");
      }
    }
    return directories;
  }
}
