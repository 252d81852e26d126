package io.github.barman4j.restore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts what a configuration file includes in the place of its include lines, as the server reads it (manual, section 20.1.5;
 * guc-file.l, 15–18). Pure but for what {@link Includes} does.
 */
final class FlatConfiguration {
  private static final Set<String> DIRECTIVES =
      Set.of("include", "include_if_exists", "include_dir");
  private static final int DEEPEST = 10;

  /** Gives the files that others include. */
  interface Includes {
    Optional<String> file(Path path);

    /** The files in a directory that count: those whose names end in .conf and do not begin with a dot, in order. */
    List<Path> directory(Path path);
  }

  private final Includes includes;
  private final List<Path> absent = new ArrayList<>();

  FlatConfiguration(Includes includes) {
    this.includes = includes;
  }

  /** @param folder where the file lies: what its relative includes refer to */
  ConfigurationText flatten(String text, Path folder) {
    return flatten(ConfigurationText.parse(text), folder, 0);
  }

  /** Files that had to be there and were not; their include lines are comments now. */
  List<Path> absent() {
    return List.copyOf(absent);
  }

  private ConfigurationText flatten(ConfigurationText text, Path folder, int depth) {
    List<ConfigurationText.Line> lines = new ArrayList<>();
    for (ConfigurationText.Line line : text.lines()) {
      String name = line.name();
      if (name == null || !DIRECTIVES.contains(name)) {
        lines.add(line);
        continue;
      }
      lines.add(ConfigurationText.Line.comment(line.text()));
      Path path = folder.resolve(line.value()).normalize();
      for (Path file : name.equals("include_dir") ? includes.directory(path) : List.of(path)) {
        Optional<String> included = depth < DEEPEST ? includes.file(file) : Optional.empty();
        if (included.isPresent()) {
          Path inner = file.getParent() == null ? folder : file.getParent();
          lines.addAll(
              flatten(ConfigurationText.parse(included.get()), inner, depth + 1).lines());
        } else if (!name.equals("include_if_exists")) {
          absent.add(file);
        }
      }
    }
    return new ConfigurationText(lines);
  }
}
