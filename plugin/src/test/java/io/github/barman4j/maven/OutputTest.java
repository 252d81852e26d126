package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
  private final RecordingLog log = new RecordingLog();
  private final ByteArrayOutputStream standardOutput = new ByteArrayOutputStream();

  @TempDir
  private Path folder;

  @Test
  void printsLinesOnTheConsole() {
    new Output(Output.Format.CONSOLE, null, log, standardOutput)
        .answer(List.of("a", "b"), Output.document());
    assertThat(log.lines).containsExactly("INFO a", "INFO b");
    assertThat(standardOutput.size()).isZero();
  }

  @Test
  void printsOneDocumentAndNothingElse() throws IOException {
    new Output(Output.Format.JSON, null, log, standardOutput)
        .answer(List.of("a"), Output.document().put("answer", "42 ü"));
    JsonNode document =
        new ObjectMapper().readTree(standardOutput.toString(StandardCharsets.UTF_8));
    assertThat(document.get("schema").asInt()).isEqualTo(1);
    assertThat(document.get("answer").asText()).isEqualTo("42 ü");
    assertThat(log.lines).isEmpty();
  }

  @Test
  void writesTheFileInsteadOfStandardOutput() throws IOException {
    Path file = folder.resolve("new/answer.json");
    new Output(Output.Format.JSON, file, log, standardOutput)
        .answer(List.of("a"), Output.document());
    assertThat(new ObjectMapper().readTree(file.toFile()).get("schema").asInt()).isEqualTo(1);
    assertThat(standardOutput.size()).isZero();
  }

  @Test
  void writesTheConsolesLinesIntoAFileToo() {
    Path file = folder.resolve("answer.txt");
    new Output(Output.Format.CONSOLE, file, log, standardOutput)
        .answer(List.of("a", "b"), Output.document());
    assertThat(file).hasContent("a\nb\n");
    assertThat(log.lines).hasSize(2);
  }

  @Test
  void tellsProgramsTheErrorsCode() throws IOException {
    new Output(Output.Format.JSON, null, log, standardOutput)
        .error(new BarmanException(ErrorCode.BACKUP_UNKNOWN, "no backup 'x'", "list them"));
    JsonNode error = new ObjectMapper().readTree(standardOutput.toByteArray()).get("error");
    assertThat(error.get("code").asText()).isEqualTo("BRM-502");
    assertThat(error.get("problem").asText()).isEqualTo("no backup 'x'");
    assertThat(error.get("hint").asText()).isEqualTo("list them");
  }

  @Test
  void saysWhichFileCannotBeWritten() throws IOException {
    Path file = Files.createFile(folder.resolve("file")).resolve("answer.json");
    assertThatThrownBy(() -> new Output(Output.Format.JSON, file, log, standardOutput)
            .answer(List.of(), Output.document()))
        .hasMessageContaining("barman.outputFile")
        .hasMessageContaining(file.toString());
  }
}
