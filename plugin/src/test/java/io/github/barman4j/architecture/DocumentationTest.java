package io.github.barman4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The site's page of errors has every code once, in order, with what it means and what to do. */
class DocumentationTest {
  private static final Pattern ROW =
      Pattern.compile("\\| (BRM-[0-9]{3}) \\| ([^|]{10,}) \\| ([^|]{4,}) \\|");

  @Test
  void explainsEveryErrorCode() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("..", "src-site", "markdown", "errors.md")).stream()
            .filter(line -> line.startsWith("| BRM-"))
            .toList();
    assertThat(rows).allMatch(row -> ROW.matcher(row).matches());
    assertThat(rows.stream().map(DocumentationTest::code))
        .containsExactlyElementsOf(
            Arrays.stream(ErrorCode.values()).map(ErrorCode::code).sorted().toList());
  }

  private static String code(String row) {
    Matcher matcher = ROW.matcher(row);
    return matcher.matches() ? matcher.group(1) : "";
  }
}
