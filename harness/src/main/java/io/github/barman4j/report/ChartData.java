package io.github.barman4j.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What the charts of the page draw, as JSON: by scenario, traffic and trend, or null. Numbers and dates alone, so it may stand inside a
 * script element.
 */
final class ChartData {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final double MIB = 1 << 20;

  private ChartData() {}

  static String of(List<ScenarioResult> results) {
    ArrayNode root = NODES.arrayNode();
    for (ScenarioResult result : results) {
      ObjectNode node = root.addObject();
      node.set("traffic", result.traffic().map(ChartData::traffic).orElse(null));
      node.set("trend", hasTrend(result) ? trend(result) : null);
    }
    try {
      return new ObjectMapper().writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values is always written", e);
    }
  }

  static boolean hasTrend(ScenarioResult result) {
    return result.rto().isPresent()
        && result.earlier().stream().anyMatch(run -> run.rto().isPresent());
  }

  private static ObjectNode traffic(Traffic traffic) {
    ObjectNode node = NODES.objectNode();
    ArrayNode seconds = node.putArray("seconds");
    ArrayNode commits = node.putArray("commits");
    ArrayNode written = node.putArray("written");
    ArrayNode received = node.putArray("received");
    for (Sample sample : traffic.samples()) {
      seconds.add(Figures.exactSeconds(sample.at()).doubleValue());
      commits.add(traffic.commitsPerSecond(sample));
      written.add(sample.writtenBytes() / MIB);
      if (sample.receivedBytes().isPresent()) {
        received.add(sample.receivedBytes().getAsLong() / MIB);
      } else {
        received.addNull();
      }
    }
    return node;
  }

  private static ObjectNode trend(ScenarioResult result) {
    ObjectNode node = NODES.objectNode();
    ArrayNode labels = node.putArray("labels");
    ArrayNode passed = node.putArray("passed");
    ArrayNode bad = node.putArray("bad");
    for (HistoryEntry run : result.earlier()) {
      if (run.rto().isPresent()) {
        labels.add(run.at().truncatedTo(ChronoUnit.MINUTES).toString().substring(0, 10));
        add(passed, bad, run.verdict(), run.rto().get());
      }
    }
    labels.add("now");
    add(passed, bad, result.verdict(), result.rto().orElseThrow().total());
    put(node, "median", Trend.median(result.earlier()));
    put(node, "limit", result.limits().rto());
    return node;
  }

  private static void add(ArrayNode passed, ArrayNode bad, Verdict verdict, Duration rto) {
    double seconds = Figures.exactSeconds(rto).doubleValue();
    if (verdict == Verdict.PASSED) {
      passed.add(seconds);
      bad.addNull();
    } else {
      passed.addNull();
      bad.add(seconds);
    }
  }

  private static void put(ObjectNode node, String name, Optional<Duration> value) {
    if (value.isPresent()) {
      node.put(name, Figures.exactSeconds(value.get()).doubleValue());
    } else {
      node.putNull(name);
    }
  }
}
