package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.ScenarioInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTextTest {
  @TempDir
  Path folder;

  @Test
  void tellsAReaderWhatIsBrokenAndExpected() {
    ScenarioInfo info = new ScenarioInfo("A-1", "a-name", 2, true, "in short")
        .breaking("a table")
        .expecting("it is refused", "refusal", "nearest-point")
        .expecting("nothing is lost");
    assertThat(CatalogueText.lines(List.of(info)))
        .containsExactly(
            "A-1 a-name (tier 2): in short",
            "    breaks   a table",
            "    expected it is refused (refusal, nearest-point)",
            "    expected nothing is lost");
  }

  @Test
  void tellsAProgramTheSame() throws IOException {
    Path file = folder.resolve("scenarios.json");
    CatalogueText.answer(
        Drill.catalogue(), new Output(Output.Format.JSON, file, new SystemStreamLog()));
    JsonNode document = new ObjectMapper().readTree(file.toFile());
    assertThat(document.get("schema").asInt()).isEqualTo(1);
    List<String> ids = new ArrayList<>();
    document.get("scenarios").forEach(scenario -> ids.add(scenario.get("id").asText()));
    assertThat(ids).hasSize(Drill.catalogue().size() + 1).startsWith("S00").endsWith("R01");
    JsonNode stalled = document.get("scenarios").get(ids.indexOf("S17"));
    assertThat(stalled.get("needs")).extracting(JsonNode::asText).containsExactly("toxiproxy");
    assertThat(stalled.get("injection").asText()).contains("swallowed");
    assertThat(stalled.get("expected").get(0).get("checks"))
        .extracting(JsonNode::asText)
        .containsExactly("noticed");
    assertThat(stalled.get("rto").asText()).isNotEmpty();
  }
}
