package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The pipelines that users copy, those of the sample projects and those of README: they are YAML, and what they call is there. */
class PipelineFilesIT {
  private static final List<String> PROJECTS =
      List.of("disaster-drill-junit", "disaster-drill-breach");
  private static final Set<String> PHASES = Set.of("verify", "test", "install");
  private static final Pattern PROPERTY = Pattern.compile("-D(barman\\.[A-Za-z.]+)(?:=(\\S*))?");
  private static final Pattern GOAL =
      Pattern.compile("io\\.github\\.barman4j:barman-maven-plugin:[^:\\s]+:([a-z-]+)");
  private static final Pattern FENCE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  /** @param where for messages */
  record Pipeline(String where, Map<?, ?> content) {
    @Override
    public String toString() {
      return where;
    }
  }

  static Stream<Pipeline> gitHub() throws IOException {
    return all().stream().filter(pipeline -> pipeline.content().containsKey("jobs"));
  }

  static Stream<Pipeline> gitLab() throws IOException {
    return all().stream().filter(pipeline -> !pipeline.content().containsKey("jobs"));
  }

  private static List<Pipeline> all() throws IOException {
    List<Pipeline> found = new ArrayList<>();
    for (String project : PROJECTS) {
      for (String name : List.of(".github/workflows/drill.yml", ".gitlab-ci.yml")) {
        Path file = Path.of("src/it", project, name);
        found.add(new Pipeline(project + "/" + name, parsed(Files.readString(file))));
      }
    }
    Matcher fence = FENCE.matcher(Files.readString(Path.of("../README.md")));
    while (fence.find()) {
      found.add(new Pipeline("README " + found.size(), parsed(fence.group(1))));
    }
    return found;
  }

  @Test
  void areThereForBoth() throws IOException {
    assertThat(gitHub()).hasSizeGreaterThanOrEqualTo(PROJECTS.size() + 1);
    assertThat(gitLab()).hasSizeGreaterThanOrEqualTo(PROJECTS.size() + 1);
  }

  @ParameterizedTest
  @MethodSource("gitHub")
  void runsOnGitHubWhatIsThere(Pipeline pipeline) throws IOException {
    Map<?, ?> job = map(map(pipeline.content().get("jobs")).get("drill"));
    assertThat(job.get("runs-on")).isEqualTo("ubuntu-latest");
    List<Map<?, ?>> steps =
        list(job.get("steps")).stream().<Map<?, ?>>map(PipelineFilesIT::map).toList();
    assertThat(steps).allMatch(step -> step.containsKey("uses") != step.containsKey("run"));
    String calls = requireCalls(steps.stream()
        .map(step -> step.get("run"))
        .filter(String.class::isInstance)
        .toList());
    assertThat(steps).anySatisfy(step -> {
      assertThat(step.get("uses")).isEqualTo("actions/upload-artifact@v4");
      assertThat(step.get("if")).isEqualTo("always()");
      assertThat(String.valueOf(map(step.get("with")).get("path"))).contains("target/barman");
    });
    historyOf(calls).ifPresent(history -> {
      List<Map<?, ?>> caches = steps.stream()
          .filter(step -> String.valueOf(step.get("uses")).startsWith("actions/cache/"))
          .toList();
      assertThat(caches)
          .extracting(step -> String.valueOf(step.get("uses")))
          .containsExactly("actions/cache/restore@v4", "actions/cache/save@v4");
      assertThat(caches)
          .allSatisfy(
              step -> assertThat(history).startsWith(map(step.get("with")).get("path") + "/"));
      // A drill that failed keeps its figures as well.
      assertThat(caches.get(1).get("if")).isEqualTo("always()");
      assertThat(map(caches.get(0).get("with")).get("key"))
          .isEqualTo(map(caches.get(1).get("with")).get("key"));
    });
  }

  @ParameterizedTest
  @MethodSource("gitLab")
  void runsOnGitLabWhatIsThere(Pipeline pipeline) throws IOException {
    Map<?, ?> job = map(pipeline.content().get("drill"));
    String calls = requireCalls(list(job.get("script")));
    Map<?, ?> artifacts = map(job.get("artifacts"));
    assertThat(artifacts.get("when")).isEqualTo("always");
    assertThat(list(artifacts.get("paths")).get(0)).isEqualTo("target/barman");
    assertThat(String.valueOf(map(artifacts.get("reports")).get("junit")))
        .matches("target/(barman/TEST-barman\\.drill|surefire-reports/TEST-\\*)\\.xml");
    historyOf(calls)
        .ifPresent(history -> assertThat(list(job.get("cache"))).anySatisfy(cache -> {
          assertThat(map(cache).get("when")).isEqualTo("always");
          assertThat(history).startsWith(list(map(cache).get("paths")).get(0) + "/");
        }));
  }

  /** Every call of Maven names goals or phases that there are, and properties that the plugin knows. */
  private static String requireCalls(List<?> commands) throws IOException {
    String descriptor = descriptor();
    assertThat(commands).isNotEmpty();
    for (Object command : commands) {
      String call = String.valueOf(command);
      assertThat(call).startsWith("mvn -B ");
      Matcher property = PROPERTY.matcher(call);
      while (property.find()) {
        assertThat(descriptor).contains("${" + property.group(1) + "}");
      }
      Set<String> words =
          new TreeSet<>(List.of(call.substring("mvn -B ".length()).split("\\s+")));
      words.removeIf(word -> word.startsWith("-D"));
      assertThat(words).isNotEmpty().allSatisfy(word -> {
        Matcher goal = GOAL.matcher(word);
        if (goal.matches()) {
          assertThat(descriptor).contains("<goal>" + goal.group(1) + "</goal>");
        } else {
          assertThat(PHASES).contains(word);
        }
      });
    }
    return String.join("\n", commands.stream().map(String::valueOf).toList());
  }

  private static Optional<String> historyOf(String calls) {
    Matcher property = PROPERTY.matcher(calls);
    return property
        .results()
        .filter(found -> found.group(1).equals("barman.drill.history"))
        .map(found -> found.group(2))
        .findFirst();
  }

  /** Of our plugin, among those of Maven's own that are on the class path. */
  private static String descriptor() throws IOException {
    ClassLoader loader = PipelineFilesIT.class.getClassLoader();
    for (URL place : Collections.list(loader.getResources("META-INF/maven/plugin.xml"))) {
      try (InputStream in = place.openStream()) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (text.contains("<artifactId>barman-maven-plugin</artifactId>")) {
          return text;
        }
      }
    }
    throw new IllegalStateException("the plugin's descriptor is not on the class path");
  }

  private static Map<?, ?> parsed(String text) {
    return map(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  private static Map<?, ?> map(Object value) {
    assertThat(value).isInstanceOf(Map.class);
    return (Map<?, ?>) value;
  }

  private static List<?> list(Object value) {
    assertThat(value).isInstanceOf(List.class);
    return (List<?>) value;
  }
}
