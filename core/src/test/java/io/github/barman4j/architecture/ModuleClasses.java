package io.github.barman4j.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The main classes of the module under test, and its source files. */
public final class ModuleClasses {
  private static final Path MODULE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();

  private ModuleClasses() {}

  /**
   * Reads the compiled main classes.
   *
   * @throws AssertionError when there are fewer than source files, or they look empty: nothing found must not look
   *     like nothing wrong
   */
  public static JavaClasses ofThisModule() {
    JavaClasses found = new ClassFileImporter().importPath(MODULE.resolve("target/classes"));
    int expected = javaFiles(MODULE.resolve("src/main/java")).size();
    long topLevel =
        found.stream().filter(type -> type.getEnclosingClass().isEmpty()).count();
    if (topLevel < expected) {
      throw new AssertionError("found " + topLevel + " classes of " + expected + " source files");
    }
    if (found.stream().allMatch(type -> type.getDirectDependenciesFromSelf().isEmpty())) {
      throw new AssertionError("no class depends on anything: the class files were not understood");
    }
    return found;
  }

  static Path project() {
    Path parent = MODULE.getParent();
    if (parent == null) {
      throw new AssertionError(MODULE + " has no parent");
    }
    return parent;
  }

  static List<Path> javaFiles(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
