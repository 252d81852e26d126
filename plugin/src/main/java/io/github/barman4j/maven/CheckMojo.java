package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.health.CheckItem;
import io.github.barman4j.health.CheckReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Looks at the server and at its archive, item by item, and fails the build when one of them is bad. */
@Mojo(name = "check", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class CheckMojo extends LiveAnswerMojo {
  /** The receiver's replication slot. */
  @Parameter(property = "barman.slot", defaultValue = ReceiveRequest.DEFAULT_SLOT)
  private String slot;

  @Override
  void answer(Engine engine, Output to) {
    CheckReport report = engine.check(value("barman.slot", slot).text());
    to.answer(lines(report), json(report));
    if (!report.passed()) {
      throw new BadOutcomeException(
          ErrorCode.CHECK_FAILED,
          "server '" + report.server() + "': " + report.failed().size() + " of "
              + report.items().size()
              + " checks failed: "
              + report.failed().stream().map(CheckItem::name).collect(Collectors.joining(", ")),
          report.failed().get(0).hint());
    }
  }

  private static List<String> lines(CheckReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (CheckItem item : report.items()) {
      rows.add(List.of(item.status().name(), item.name(), item.found()));
    }
    List<String> lines = new ArrayList<>();
    List<String> aligned = BackupText.align(rows);
    for (int i = 0; i < aligned.size(); i++) {
      lines.add(aligned.get(i));
      String hint = report.items().get(i).hint();
      if (!hint.isEmpty()) {
        lines.add("        HINT: " + hint);
      }
    }
    return lines;
  }

  private static ObjectNode json(CheckReport report) {
    ObjectNode document = Output.document();
    document.put("server", report.server()).put("passed", report.passed());
    ArrayNode items = document.putArray("items");
    for (CheckItem item : report.items()) {
      items
          .addObject()
          .put("name", item.name())
          .put("status", item.status().name().toLowerCase(Locale.ROOT))
          .put("found", item.found())
          .put("hint", item.hint().isEmpty() ? null : item.hint());
    }
    return document;
  }
}
