package io.github.barman4j.architecture;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of all modules: short ones, and each package explained. */
class LayoutTest {
  private static final int MAX_LINES = 400;

  @ParameterizedTest
  @ValueSource(strings = {"core", "harness", "plugin", "it"})
  void hasNoFileOver400Lines(String module) throws IOException {
    for (Path file : ModuleClasses.javaFiles(sourcesOf(module))) {
      assertThat(Files.readAllLines(file))
          .as("lines of %s", file)
          .hasSizeLessThanOrEqualTo(MAX_LINES);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "harness", "plugin", "it"})
  void explainsEveryPackage(String module) {
    Set<Path> explained = packages(module, name -> name.equals("package-info.java"));
    Set<Path> used = packages(module, name -> true);
    assertThat(explained).as("packages of %s with a package-info.java", module).containsAll(used);
  }

  @Test
  void findsTheSources() {
    assertThat(ModuleClasses.javaFiles(sourcesOf("core"))).hasSizeGreaterThan(10);
    assertThat(ModuleClasses.javaFiles(sourcesOf("harness"))).isNotEmpty();
    assertThat(ModuleClasses.javaFiles(sourcesOf("plugin"))).isNotEmpty();
  }

  /** Main and test sources of a package share its package-info.java. */
  private static Set<Path> packages(String module, Predicate<String> fileName) {
    return List.of("main/java", "test/java").stream()
        .map(sourcesOf(module)::resolve)
        .flatMap(root -> packages(root, fileName))
        .collect(toCollection(TreeSet::new));
  }

  private static Stream<Path> packages(Path root, Predicate<String> fileName) {
    return ModuleClasses.javaFiles(root).stream()
        .filter(file -> fileName.test(String.valueOf(file.getFileName())))
        .map(file -> root.relativize(file).getParent());
  }

  private static Path sourcesOf(String module) {
    return ModuleClasses.project().resolve(module).resolve("src");
  }
}
