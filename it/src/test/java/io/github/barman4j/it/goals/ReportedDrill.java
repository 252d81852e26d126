package io.github.barman4j.it.goals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The first scenario in the drill.json that a goal has written below a folder. */
record ReportedDrill(Path folder) {
  JsonNode result() throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve("target/barman/drill.json").toFile())
        .at("/scenarios/0");
  }

  List<String> reasons() throws IOException {
    List<String> reasons = new ArrayList<>();
    result().get("reasons").forEach(reason -> reasons.add(reason.asText()));
    return reasons;
  }

  /** What a check found. */
  String check(String name) throws IOException {
    for (JsonNode check : result().get("checks")) {
      if (check.get("name").asText().equals(name)) {
        return check.get("detail").asText();
      }
    }
    throw new AssertionError("there was no check " + name);
  }

  List<String> failedChecks() throws IOException {
    List<String> failed = new ArrayList<>();
    result().get("checks").forEach(check -> {
      if (!check.get("passed").asBoolean()) {
        failed.add(check.get("name").asText());
      }
    });
    return failed;
  }
}
