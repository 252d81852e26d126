package io.github.barman4j.report;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Writes a report's files: {@code drill.json}, {@code drill.html}, {@code TEST-barman.drill.xml} and {@code drill.md}, in this order. */
public final class ReportFiles {
  private ReportFiles() {}

  /**
   * Makes the directory, so that a drill is not run in vain.
   *
   * @throws BarmanException with code IO when it cannot be written to
   */
  public static void prepare(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, "drill", ".tmp"));
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  /**
   * @param directory made when it is missing
   * @param stepSummary a file that drill.md is appended to as well, which GitHub shows as the summary of a job; null for none
   * @throws BarmanException with code IO when a file cannot be written
   */
  public static void write(DrillReport report, Path directory, @Nullable Path stepSummary) {
    try {
      Files.createDirectories(directory);
      write(directory.resolve("drill.json"), JsonReport.of(report));
      write(directory.resolve("drill.html"), HtmlReport.of(report));
      write(directory.resolve("TEST-barman.drill.xml"), JUnitReport.of(report));
      String markdown = MarkdownReport.of(report);
      write(directory.resolve("drill.md"), markdown);
      if (stepSummary != null) {
        Files.writeString(
            stepSummary,
            markdown,
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw unwritable(directory, e);
    }
  }

  private static BarmanException unwritable(Path directory, IOException cause) {
    return new BarmanException(
        ErrorCode.IO,
        "the drill's reports could not be written to " + directory,
        "name a folder that can be written to as barman.drill.outputDirectory",
        cause);
  }

  private static void write(Path file, String text) throws IOException {
    DurableFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
