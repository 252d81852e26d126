package io.github.barman4j.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** One line of a history file, schema 1: a JSON object. Keys may be added. */
final class HistoryLine {
  private static final int SCHEMA = 1;
  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);
  private static final ObjectReader READER = new ObjectMapper()
      .reader()
      .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private HistoryLine() {}

  /** Why a text is no line of a history. */
  static final class Damage extends Exception {
    private static final long serialVersionUID = 1L;

    Damage(String why) {
      super(why);
    }
  }

  /** Without the line's end. */
  static String of(HistoryEntry entry) {
    ObjectNode node = NODES.objectNode();
    node.put("schema", SCHEMA);
    node.put("at", entry.at().toString());
    node.put("id", entry.id());
    node.put("name", entry.name());
    node.put("variant", entry.variant().orElse(null));
    node.put("verdict", entry.verdict().text());
    if (entry.lostTransactions().isPresent()) {
      node.put("lostTransactions", entry.lostTransactions().getAsLong());
    } else {
      node.putNull("lostTransactions");
    }
    node.put("rpoSeconds", entry.rpo().map(Figures::exactSeconds).orElse(null));
    node.put("rtoSeconds", entry.rto().map(Figures::exactSeconds).orElse(null));
    DrillReport.Environment environment = entry.environment();
    node.put("kind", environment.kind());
    node.put("postgres", environment.postgres());
    node.put("java", environment.java());
    node.put("system", environment.system());
    node.put("processors", environment.processors());
    node.put("writers", entry.load().writers());
    node.put("databaseBytes", entry.load().databaseBytes());
    node.put("seed", entry.seed());
    try {
      return new ObjectMapper()
          .writer()
          .with(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values is always written", e);
    }
  }

  static HistoryEntry parse(String line) throws Damage {
    JsonNode node;
    try {
      node = READER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new Damage("it is not JSON: " + e.getOriginalMessage());
    }
    if (!node.isObject()) {
      throw new Damage("it is no JSON object");
    }
    long schema = whole(node, "schema");
    if (schema != SCHEMA) {
      throw new Damage(
          "it is of schema " + schema + ", and this release reads schema " + SCHEMA + " alone");
    }
    return new HistoryEntry(
        instant(node),
        new DrillReport.Environment(
            text(node, "kind"),
            text(node, "postgres"),
            text(node, "java"),
            text(node, "system"),
            Math.toIntExact(whole(node, "processors"))),
        new Load(Math.toIntExact(whole(node, "writers")), whole(node, "databaseBytes")),
        whole(node, "seed"),
        text(node, "id"),
        text(node, "name"),
        isNull(node, "variant") ? Optional.empty() : Optional.of(text(node, "variant")),
        verdict(text(node, "verdict")),
        isNull(node, "lostTransactions")
            ? OptionalLong.empty()
            : OptionalLong.of(whole(node, "lostTransactions")),
        seconds(node, "rpoSeconds"),
        seconds(node, "rtoSeconds"));
  }

  private static JsonNode required(JsonNode node, String key) throws Damage {
    JsonNode value = node.get(key);
    if (value == null) {
      throw new Damage("it has no key '" + key + "'");
    }
    return value;
  }

  private static boolean isNull(JsonNode node, String key) throws Damage {
    return required(node, key).isNull();
  }

  private static String text(JsonNode node, String key) throws Damage {
    JsonNode value = required(node, key);
    if (!value.isTextual()) {
      throw new Damage("its '" + key + "' is no text");
    }
    return value.textValue();
  }

  private static long whole(JsonNode node, String key) throws Damage {
    JsonNode value = required(node, key);
    boolean small = key.equals("processors") || key.equals("writers");
    if (!value.isIntegralNumber()
        || !(small ? value.canConvertToInt() : value.canConvertToLong())) {
      throw new Damage("its '" + key + "' is no whole number");
    }
    return value.longValue();
  }

  private static Instant instant(JsonNode node) throws Damage {
    try {
      return Instant.parse(text(node, "at"));
    } catch (DateTimeException e) {
      throw new Damage("its 'at' is no time in ISO-8601");
    }
  }

  private static Verdict verdict(String text) throws Damage {
    return Stream.of(Verdict.values())
        .filter(verdict -> verdict.text().equals(text))
        .findFirst()
        .orElseThrow(() -> new Damage("its 'verdict' is none"));
  }

  private static Optional<Duration> seconds(JsonNode node, String key) throws Damage {
    JsonNode value = required(node, key);
    if (value.isNull()) {
      return Optional.empty();
    }
    if (!value.isNumber() || value.decimalValue().signum() < 0) {
      throw new Damage("its '" + key + "' is no time");
    }
    BigDecimal nanos = value.decimalValue().movePointRight(9).setScale(0, RoundingMode.HALF_UP);
    if (nanos.precision() > 18) {
      throw new Damage("its '" + key + "' is too long a time");
    }
    return Optional.of(Duration.ofNanos(nanos.longValueExact()));
  }
}
