package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files that are out of sight until they are put back. */
final class Withheld implements AutoCloseable {
  private final Path home;
  private final List<Path> files;

  private Withheld(Path home, List<Path> files) {
    this.home = home;
    this.files = List.copyOf(files);
  }

  static Withheld nothing() {
    return new Withheld(Path.of(""), List.of());
  }

  /** Moves the files of a folder whose names match. */
  static Withheld of(Path home, String glob, Path elsewhere) {
    List<Path> moved = new ArrayList<>();
    try (var found = Files.newDirectoryStream(home, glob)) {
      Files.createDirectories(elsewhere);
      for (Path file : found) {
        Path target = elsewhere.resolve(file.getFileName());
        Files.move(file, target);
        moved.add(target);
      }
    } catch (IOException e) {
      throw failed("files in " + home + " could not be withheld", e);
    }
    return new Withheld(home, moved);
  }

  @Override
  public void close() {
    for (Path file : files) {
      try {
        Files.move(file, home.resolve(file.getFileName()));
      } catch (IOException e) {
        throw failed(file + " could not be put back", e);
      }
    }
  }

  private static BarmanException failed(String problem, IOException cause) {
    return new BarmanException(ErrorCode.DRILL_FAILED, problem, "see the cause", cause);
  }
}
