package io.github.barman4j.junit;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillLimits;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.drill.ScenarioInfo;
import io.github.barman4j.report.Limits;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What an annotated method and JUnit's configuration parameters ask for. */
record DrillSettings(DisasterDrill drill, Method method, ExtensionContext context) {
  private static final int BYTES_PER_MEGABYTE = 1 << 20;

  /** The scenarios, and by which word of the annotation each is chosen. */
  Map<ScenarioInfo, String> scenarios() {
    Map<ScenarioInfo, String> chosen = new LinkedHashMap<>();
    for (String word : drill.scenario()) {
      Drill.select(List.of(word)).forEach(info -> chosen.putIfAbsent(info, word));
    }
    return chosen;
  }

  Servers servers() {
    if (!List.of("auto", "embedded").contains(drill.environment())) {
      throw refused("environment", drill.environment(), "auto or embedded");
    }
    return new EmbeddedServers(binaries());
  }

  private PostgresBinaries binaries() {
    Optional<String> directory = parameter("barman.drill.postgresBin");
    if (directory.isEmpty()) {
      return PostgresOnClassPath.find(loader(), drill.postgres());
    }
    PostgresBinaries named = PostgresBinaries.fromDirectory(Path.of(directory.get()));
    if (!PostgresOnClassPath.fits(named, drill.postgres())) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "the test asks for PostgreSQL " + drill.postgres() + ", and barman.drill.postgresBin is "
              + named.version(),
          "leave one of them out");
    }
    return named;
  }

  /**
   * @param word by which the one scenario is chosen; null for a method that is the scenario itself
   * @param folder of the reports below the method's; empty for that one
   */
  DrillRequest request(Servers servers, @Nullable String word, String folder) {
    return DrillRequest.builder(servers, reports().resolve(folder))
        .scenarios(word == null ? List.of() : List.of(word))
        .writers(drill.writers())
        .warmUp(duration("warmUp", drill.warmUp()).orElse(Duration.ZERO))
        .databaseBytes((long) drill.databaseMegabytes() * BYTES_PER_MEGABYTE)
        .initScript(file(drill.initScript()))
        .checkScript(file(drill.checkScript()))
        .repeat(drill.repeat())
        .limits(limits())
        .stepSummary(
            file(Optional.ofNullable(System.getenv("GITHUB_STEP_SUMMARY")).orElse("")))
        .history(file(parameter("barman.drill.history").orElse("")))
        .command("mvn test -Dtest=" + method.getDeclaringClass().getSimpleName() + "#"
            + method.getName())
        .build();
  }

  /** A scenario that is named itself is bound whether it promises no loss or not. */
  private DrillLimits limits() {
    Limits general = new Limits(
        drill.maxLostTransactions() < 0
            ? OptionalLong.empty()
            : OptionalLong.of(drill.maxLostTransactions()),
        duration("maxRpo", drill.maxRpo()),
        duration("maxRto", drill.maxRto()));
    Map<String, Limits> named = new HashMap<>();
    scenarios().forEach((info, word) -> {
      if (!word.matches("(?i)all|tier[12]")) {
        named.put(info.id(), general);
      }
    });
    return new DrillLimits(general, named);
  }

  private Path reports() {
    String name = method.getDeclaringClass().getName().replace('$', '.') + "." + method.getName();
    return Path.of(parameter("barman.drill.outputDirectory").orElse("target/barman"))
        .resolve(name);
  }

  private Optional<String> parameter(String name) {
    return context.getConfigurationParameter(name).filter(value -> !value.isBlank());
  }

  private static @Nullable Path file(String path) {
    return path.isBlank() ? null : Path.of(path);
  }

  private ClassLoader loader() {
    return Optional.ofNullable(method.getDeclaringClass().getClassLoader())
        .orElseGet(ClassLoader::getSystemClassLoader);
  }

  private Optional<Duration> duration(String name, String value) {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Duration.parse(value))
          .filter(duration -> !duration.isNegative())
          .or(() -> {
            throw refused(name, value, "a duration in ISO-8601 that is not negative");
          });
    } catch (DateTimeParseException e) {
      throw refused(name, value, "a duration in ISO-8601, for instance PT30S");
    }
  }

  BarmanException refused(String name, String value, String allowed) {
    return new BarmanException(
        ErrorCode.DRILL_CONFIGURATION,
        "@DisasterDrill of " + method.getName() + " has " + name + " = '" + value + "'",
        "allowed is " + allowed);
  }
}
