package io.github.barman4j.it.goals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A copy of a repository, to be damaged. */
final class CopiedRepository {
  private final Path directory;

  private CopiedRepository(Path directory) {
    this.directory = directory;
  }

  /** @param directory is not there yet */
  static CopiedRepository of(Path original, Path directory) throws IOException {
    Files.createDirectories(directory.toAbsolutePath().getParent());
    try (Stream<Path> files = Files.walk(original)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, directory.resolve(original.relativize(file).toString()));
      }
    }
    return new CopiedRepository(directory);
  }

  Path directory() {
    return directory;
  }

  /** The files below a folder of the repository, sorted. */
  List<Path> files(String prefix) throws IOException {
    try (Stream<Path> found = Files.walk(directory.resolve(prefix))) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Changes one bit of the byte in the middle of a file. */
  static void flip(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
  }
}
