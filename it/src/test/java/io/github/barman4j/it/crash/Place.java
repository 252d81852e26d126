package io.github.barman4j.it.crash;

import io.github.barman4j.Secret;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.repository.KeyRing;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the engine has on the backup host, below one directory of whatever file system.
 *
 * @param passphrase of the repository; null for one that is not encrypted
 * @param keys opens the repository
 */
record Place(Path root, @Nullable Secret passphrase, KeyRing keys) {
  static final String SERVER = "main";

  static Place of(Path root, @Nullable Secret passphrase) {
    return new Place(root, passphrase, passphrase == null ? KeyRing.NONE : KeyRing.of(passphrase));
  }

  /** The same elsewhere. */
  Place at(Path otherRoot) {
    return new Place(otherRoot, passphrase, keys);
  }

  Path repository() {
    return root.resolve("repository");
  }

  Path serversPart() {
    return repository().resolve(SERVER);
  }

  Path spool() {
    return root.resolve("spool");
  }

  Path restored() {
    return root.resolve("restored");
  }

  EngineConfiguration configuration(@Nullable ServerConnection connection) {
    EngineConfiguration configuration = EngineConfiguration.of(repository(), SERVER, connection)
        .withSpool(spool())
        .withJobs(2);
    return passphrase == null ? configuration : configuration.withPassphrase(passphrase);
  }

  /** The regular files below a directory, none where it is not there; relative, with {@code /}, sorted. */
  static List<String> files(Path directory) {
    List<String> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(directory.relativize(file).toString());
            return FileVisitResult.CONTINUE;
          }
        });
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    found.sort(null);
    return found;
  }

  /** Copies all directories and files below one directory into another, which may be on another file system. */
  static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(from, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
          throws IOException {
        Files.createDirectories(to.resolve(from.relativize(directory).toString()));
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
