package io.github.barman4j.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What one drill of a build has found, read from its {@code drill.json}.
 *
 * @param name of the module, and of the test where it has several drills
 * @param page the drill's own page, seen from the index
 * @param facts about the machine and the moment
 */
public record ReportedModule(String name, String page, String facts, List<Row> rows) {
  public ReportedModule {
    rows = List.copyOf(rows);
  }

  /** One scenario, or one variant of it. */
  public record Row(
      String title,
      Verdict verdict,
      Optional<String> reason,
      OptionalLong lost,
      OptionalDouble rpoSeconds,
      OptionalDouble rtoSeconds) {}

  /**
   * @param json as {@link ReportFiles} has written it
   * @throws BarmanException with code DRILL_CONFIGURATION when it cannot be read
   */
  public static ReportedModule read(String name, String page, Path json) {
    try {
      JsonNode root = new ObjectMapper().readTree(json.toFile());
      if (root.path("schema").asInt() != JsonReport.SCHEMA
          || !root.path("scenarios").isArray()) {
        throw unreadable(json, "it is no report of schema " + JsonReport.SCHEMA, null);
      }
      List<Row> rows = new ArrayList<>();
      for (JsonNode scenario : root.path("scenarios")) {
        rows.add(row(json, scenario));
      }
      JsonNode environment = root.path("environment");
      String facts = "PostgreSQL " + environment.path("postgres").asText() + " · "
          + environment.path("kind").asText() + " · " + root.path("startedAt").asText();
      return new ReportedModule(name, page, facts, rows);
    } catch (IOException e) {
      throw unreadable(json, String.valueOf(e.getMessage()), e);
    }
  }

  private static Row row(Path json, JsonNode scenario) {
    String variant = scenario.path("variant").asText("");
    String word = scenario.path("verdict").asText();
    JsonNode reason = scenario.path("reasons").path(0);
    JsonNode rpo = scenario.path("rpo");
    return new Row(
        scenario.path("id").asText() + " " + scenario.path("name").asText()
            + (variant.isEmpty() || scenario.path("variant").isNull() ? "" : " (" + variant + ")"),
        verdict(json, word),
        reason.isTextual() ? Optional.of(reason.asText()) : Optional.empty(),
        rpo.path("lostTransactions").isNumber()
            ? OptionalLong.of(rpo.path("lostTransactions").asLong())
            : OptionalLong.empty(),
        seconds(rpo),
        seconds(scenario.path("rto")));
  }

  private static Verdict verdict(Path json, String word) {
    for (Verdict verdict : Verdict.values()) {
      if (verdict.text().equals(word.toLowerCase(Locale.ROOT))) {
        return verdict;
      }
    }
    throw unreadable(json, "'" + word + "' is no verdict", null);
  }

  private static OptionalDouble seconds(JsonNode node) {
    return node.path("seconds").isNumber()
        ? OptionalDouble.of(node.path("seconds").asDouble())
        : OptionalDouble.empty();
  }

  private static BarmanException unreadable(Path json, String why, @Nullable Exception cause) {
    return new BarmanException(
        ErrorCode.DRILL_CONFIGURATION,
        "the drill's report " + json + " cannot be read: " + why,
        "run barman:drill again, or delete it",
        cause);
  }
}
