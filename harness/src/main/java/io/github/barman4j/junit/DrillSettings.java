package io.github.barman4j.junit;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.ContainerServers;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillLimits;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.drill.ScenarioInfo;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.RunAgain;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
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
    return switch (drill.environment()) {
      case "auto", "embedded" -> new EmbeddedServers(binaries());
      case "docker" -> ContainerServers.of(image());
      default -> throw refused("environment", drill.environment(), "auto, embedded or docker");
    };
  }

  /** The official one of the wanted version, unless another is named. */
  private String image() {
    return parameter("barman.drill.postgresImage").orElseGet(() -> {
      if (drill.postgres().isEmpty()) {
        throw refused(
            "postgres",
            "",
            "in the environment docker a version, for the image postgres:<version>, unless"
                + " barman.drill.postgresImage names an image");
      }
      return "postgres:" + drill.postgres();
    });
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
   * Of a scenario.
   *
   * @param word of the annotation, by which it was chosen
   * @param folder of the reports below the method's; empty for that one
   */
  DrillRequest request(Servers servers, ScenarioInfo info, String word, String folder) {
    boolean file = word.endsWith(".yaml") || word.endsWith(".yml");
    boolean named = !word.strip().matches("(?i)all|tier[12]");
    return request(servers, folder)
        .scenarios(List.of(file ? word : info.id()))
        .limits(limits(named ? info.id() : null))
        .build();
  }

  /** Of a method that is the scenario itself. */
  DrillRequest request(Servers servers) {
    return request(servers, "").limits(limits(null)).build();
  }

  private DrillRequest.Builder request(Servers servers, String folder) {
    return DrillRequest.builder(servers, reports().resolve(folder))
        .writers(drill.writers())
        .warmUp(duration("warmUp", drill.warmUp()).orElse(Duration.ZERO))
        .databaseBytes((long) drill.databaseMegabytes() * BYTES_PER_MEGABYTE)
        .initScript(file(drill.initScript()))
        .checkScript(file(drill.checkScript()))
        .repeat(drill.repeat())
        .stepSummary(
            file(Optional.ofNullable(System.getenv("GITHUB_STEP_SUMMARY")).orElse("")))
        .toxiproxyServer(file(parameter("barman.drill.toxiproxyServer").orElse("")))
        .history(file(parameter("barman.drill.history").orElse("")))
        .toxiproxyImage(parameter("barman.drill.toxiproxyImage").orElse(null))
        .again(RunAgain.whole("mvn test -Dtest=" + method.getDeclaringClass().getSimpleName() + "#"
            + method.getName()));
  }

  /** @param named the scenario that is bound whether it promises no loss or not; null for none */
  private DrillLimits limits(@Nullable String named) {
    Limits general = new Limits(
        drill.maxLostTransactions() < 0
            ? OptionalLong.empty()
            : OptionalLong.of(drill.maxLostTransactions()),
        duration("maxRpo", drill.maxRpo()),
        duration("maxRto", drill.maxRto()));
    return new DrillLimits(general, named == null ? Map.of() : Map.of(named, general));
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
