package io.github.barman4j.it.goals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks for secrets that nobody else can have written. */
final class SecretMarks {
  private final List<String> marks;

  SecretMarks(String... marks) {
    this.marks = List.of(marks);
  }

  /** Where text holds one. */
  List<String> in(String where, String text) {
    return marks.stream()
        .filter(text::contains)
        .map(mark -> where + " holds '" + mark + "'")
        .toList();
  }

  /** The files below a folder that hold one, in their names or in their bytes. */
  List<String> below(Path folder) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        found.addAll(in("the name of " + file, String.valueOf(file.getFileName())));
        if (Files.isRegularFile(file)) {
          found.addAll(in(
              file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /** The processes that a process has started, and theirs, with one on the command line or in the environment. */
  List<String> inChildrenOf(ProcessHandle process) {
    List<String> found = new ArrayList<>();
    process.descendants().forEach(child -> {
      for (String file : List.of("cmdline", "environ")) {
        Path path = Path.of("/proc", Long.toString(child.pid()), file);
        try {
          found.addAll(in(path.toString(), Files.readString(path, StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
          // It has ended.
          continue;
        }
      }
    });
    return found;
  }
}
