package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.restore.Reachability.Unreachable;
import io.github.barman4j.restore.Recoverability;
import io.github.barman4j.restore.RestorePlan;
import java.util.ArrayList;
import java.util.List;

/** What can be recovered, as lines for readers and as JSON for programs. */
final class RecoverableText {
  private RecoverableText() {}

  static void windows(String server, Recoverability found, Output to) {
    List<String> lines = new ArrayList<>();
    ObjectNode document = Output.document().put("server", server);
    ArrayNode timelines = document.putArray("timelines");
    for (Recoverability.Line line : found.lines()) {
      lines.add("timeline " + line.timeline());
      ObjectNode json = timelines.addObject().put("timeline", line.timeline().id());
      ArrayNode forks = json.putArray("forks");
      for (Recoverability.Fork fork : line.history()) {
        lines.add("  leaves timeline " + fork.timeline() + " at " + fork.end());
        forks
            .addObject()
            .put("timeline", fork.timeline().id())
            .put("end", fork.end().toString());
      }
      ArrayNode windows = json.putArray("windows");
      for (Recoverability.Window window : line.windows()) {
        window(window, lines);
        window(window, windows.addObject());
      }
      ArrayNode unusable = json.putArray("unusable");
      for (Recoverability.Unusable backup : line.unusable()) {
        lines.add("  backup " + backup.backup() + " serves nothing: " + backup.reason());
        unusable.addObject().put("backup", backup.backup().value()).put("reason", backup.reason());
      }
    }
    lines.addAll(DamagedEntryText.lines(found.unreadable()));
    DamagedEntryText.json(found.unreadable(), document.putArray("damaged"));
    if (found.lines().isEmpty()) {
      lines.add("server '" + server + "' has no backup that anything can be recovered from");
    }
    to.answer(lines, document);
  }

  private static void window(Recoverability.Window window, List<String> lines) {
    lines.add("  from " + window.fromTime() + " (" + window.from() + ") to "
        + window.lastCommit().map(time -> "the last commit at " + time).orElse("the backup's end")
        + " (" + window.end() + ")"
        + (window.partialTail() ? ", the end is still being received" : ""));
    lines.add("    backups: "
        + String.join(", ", window.backups().stream().map(id -> id.value()).toList()));
    for (Recoverability.Point point : window.restorePoints()) {
      lines.add(
          "    restore point '" + point.name() + "' at " + point.time() + " (" + point.lsn() + ")");
    }
    for (Recoverability.ClockStep step : window.clockSteps()) {
      lines.add("    the server's clock went back at " + step.at() + ", from " + step.before()
          + " to " + step.after());
    }
    window.gap().ifPresent(segment -> lines.add("    gap: segment " + segment + " is missing"));
  }

  private static void window(Recoverability.Window window, ObjectNode json) {
    json.put("fromLsn", window.from().toString())
        .put("toLsn", window.to().map(Lsn::toString).orElse(null))
        .put("endLsn", window.end().toString())
        .put("fromTime", window.fromTime().toString())
        .put("lastCommit", window.lastCommit().map(Object::toString).orElse(null))
        .put("partialTail", window.partialTail())
        .put("gapAt", window.gap().orElse(null));
    ArrayNode backups = json.putArray("backups");
    window.backups().forEach(id -> backups.add(id.value()));
    ArrayNode points = json.putArray("restorePoints");
    for (Recoverability.Point point : window.restorePoints()) {
      points
          .addObject()
          .put("name", point.name())
          .put("lsn", point.lsn().toString())
          .put("time", point.time().toString());
    }
    ArrayNode steps = json.putArray("clockSteps");
    for (Recoverability.ClockStep step : window.clockSteps()) {
      steps
          .addObject()
          .put("lsn", step.at().toString())
          .put("before", step.before().toString())
          .put("after", step.after().toString());
    }
  }

  static void reachable(String server, RestorePlan plan, Output to) {
    ObjectNode document = Output.document().put("server", server);
    document
        .put("reachable", true)
        .put("target", plan.target().describe())
        .put("backup", plan.backup().id().value())
        .put("timeline", plan.timeline().id())
        .put("walSegments", plan.wal().size())
        .put("walBytes", plan.walBytes());
    List<String> lines = new ArrayList<>();
    lines.add(plan.target().describe() + " can be reached");
    lines.add("with backup " + plan.backup().id() + " and " + plan.wal().size()
        + " WAL segments, " + Quantity.bytes(plan.walBytes()) + ", on timeline "
        + plan.timeline().id());
    lines.addAll(plan.reasons());
    to.answer(lines, document);
  }

  static void unreachable(String server, Unreachable answer, Output to) {
    ObjectNode document = Output.document().put("server", server).put("reachable", false);
    document
        .put("code", answer.code().code())
        .put("problem", answer.problem())
        .put("hint", answer.hint());
    to.answer(List.of("it cannot be reached"), document);
  }
}
