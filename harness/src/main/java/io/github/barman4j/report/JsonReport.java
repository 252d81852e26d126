package io.github.barman4j.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** {@code drill.json}, schema 1. What a key means may never change; keys may be added. */
final class JsonReport {
  static final int SCHEMA = 1;

  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private JsonReport() {}

  static String of(DrillReport report) {
    ObjectNode root = NODES.objectNode();
    root.put("schema", SCHEMA);
    DrillReport.Environment environment = report.environment();
    root.putObject("environment")
        .put("kind", environment.kind())
        .put("postgres", environment.postgres())
        .put("java", environment.java())
        .put("system", environment.system())
        .put("processors", environment.processors());
    root.putObject("load")
        .put("writers", report.load().writers())
        .put("databaseBytes", report.load().databaseBytes());
    root.put("startedAt", report.startedAt().truncatedTo(ChronoUnit.MILLIS).toString());
    putSeconds(root, "seconds", Optional.of(report.took()));
    root.put("seed", report.seed());
    root.put("command", report.command());
    ArrayNode scenarios = root.putArray("scenarios");
    report
        .scenarios()
        .forEach(result ->
            scenarios.add(scenario(result).put("command", report.again().of(result))));
    try {
      return new ObjectMapper()
              .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(root)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values is always written", e);
    }
  }

  private static ObjectNode scenario(ScenarioResult result) {
    ObjectNode node = NODES.objectNode();
    node.put("id", result.id());
    node.put("name", result.name());
    node.put("variant", result.variant().orElse(null));
    node.put("verdict", result.verdict().text());
    ArrayNode reasons = node.putArray("reasons");
    result.reasons().forEach(reasons::add);
    ObjectNode limits = node.putObject("limits");
    if (result.limits().lostTransactions().isPresent()) {
      limits.put("lostTransactions", result.limits().lostTransactions().getAsLong());
    } else {
      limits.putNull("lostTransactions");
    }
    putSeconds(limits, "rpoSeconds", result.limits().rpo());
    putSeconds(limits, "rtoSeconds", result.limits().rto());
    if (result.limits().rtoRegressionPercent().isPresent()) {
      limits.put("rtoRegressionPercent", result.limits().rtoRegressionPercent().getAsInt());
    } else {
      limits.putNull("rtoRegressionPercent");
    }
    node.set("rpo", result.rpo().map(JsonReport::rpo).orElse(null));
    node.set("rto", result.rto().map(JsonReport::rto).orElse(null));
    node.set("restored", result.restored().map(JsonReport::restored).orElse(null));
    ArrayNode checks = node.putArray("checks");
    for (Check check : result.checks()) {
      checks
          .addObject()
          .put("name", check.name())
          .put("passed", check.passed())
          .put("detail", check.detail());
    }
    ObjectNode figures = node.putObject("figures");
    result.figures().forEach(figure -> figures.put(figure.name(), figure.value()));
    node.set("traffic", result.traffic().map(JsonReport::traffic).orElse(null));
    ArrayNode earlier = node.putArray("earlier");
    result.earlier().forEach(run -> earlier.add(earlier(run)));
    return node;
  }

  private static ObjectNode rpo(Rpo rpo) {
    ObjectNode node = NODES.objectNode();
    node.put("acknowledged", rpo.acknowledged());
    node.put("lostTransactions", rpo.lostTransactions());
    putSeconds(node, "seconds", Optional.of(rpo.time()));
    node.put("bytes", rpo.bytes());
    node.put("phantoms", rpo.phantoms());
    node.put("nonPrefixLoss", rpo.nonPrefixLoss());
    node.put("unknown", rpo.unknown());
    node.put("unknownRecovered", rpo.unknownRecovered());
    node.put("overshoot", rpo.overshoot());
    putSeconds(node, "lastSurvivingAckAgeSeconds", rpo.lastSurvivingAge());
    return node;
  }

  private static ObjectNode rto(Rto rto) {
    ObjectNode node = NODES.objectNode();
    putSeconds(node, "seconds", Optional.of(rto.total()));
    node.set("phases", phases(rto.phases()));
    node.set("apart", phases(rto.apart()));
    putSeconds(node, "restoreTimeSeconds", rto.restoreTime());
    ArrayNode runs = node.putArray("runs");
    rto.runs().forEach(total -> runs.add(Figures.exactSeconds(total)));
    return node;
  }

  private static ArrayNode phases(List<Phase> phases) {
    ArrayNode nodes = NODES.arrayNode();
    for (Phase phase : phases) {
      putSeconds(nodes.addObject().put("name", phase.name()), "seconds", Optional.of(phase.took()));
    }
    return nodes;
  }

  private static ObjectNode restored(Restored restored) {
    return NODES
        .objectNode()
        .put("backupId", restored.backupId())
        .put("bytes", restored.bytes())
        .put("files", restored.files())
        .put("bytesPerSecond", restored.bytesPerSecond())
        .put("walSegments", restored.walSegments())
        .put("timeline", restored.timeline());
  }

  /** Columns: a sample takes one place in each. */
  private static ObjectNode traffic(Traffic traffic) {
    ObjectNode node = NODES.objectNode();
    putSeconds(node, "intervalSeconds", Optional.of(traffic.interval()));
    ArrayNode seconds = node.putArray("secondsFromFault");
    ArrayNode commits = node.putArray("commits");
    ArrayNode written = node.putArray("writtenBytes");
    ArrayNode received = node.putArray("receivedBytes");
    for (Sample sample : traffic.samples()) {
      seconds.add(Figures.exactSeconds(sample.at()));
      commits.add(sample.commits());
      written.add(sample.writtenBytes());
      if (sample.receivedBytes().isPresent()) {
        received.add(sample.receivedBytes().getAsLong());
      } else {
        received.addNull();
      }
    }
    return node;
  }

  private static ObjectNode earlier(HistoryEntry run) {
    ObjectNode node = NODES.objectNode();
    node.put("at", run.at().toString());
    node.put("verdict", run.verdict().text());
    if (run.lostTransactions().isPresent()) {
      node.put("lostTransactions", run.lostTransactions().getAsLong());
    } else {
      node.putNull("lostTransactions");
    }
    putSeconds(node, "rtoSeconds", run.rto());
    return node;
  }

  private static void putSeconds(ObjectNode node, String name, Optional<Duration> duration) {
    if (duration.isPresent()) {
      node.put(name, Figures.exactSeconds(duration.get()));
    } else {
      node.putNull(name);
    }
  }
}
