package io.github.barman4j.maven;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugin.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Where a reading goal's answer goes: lines in Maven's log, or one JSON document on standard output, or either in a file.
 *
 * <p>JSON goes to the process's own standard output, because Maven 4 prefixes every line that is printed to {@code
 * System.out}. A file appears whole or not at all, and is what programs should read.
 */
final class Output {
  enum Format {
    CONSOLE,
    JSON
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SCHEMA = 1;

  private final Format format;
  private final @Nullable Path file;
  private final Log log;
  private final OutputStream standardOutput;
  private boolean answered;

  Output(Format format, @Nullable Path file, Log log) {
    this(format, file, log, new FileOutputStream(FileDescriptor.out));
  }

  Output(Format format, @Nullable Path file, Log log, OutputStream standardOutput) {
    this.format = format;
    this.file = file;
    this.log = log;
    this.standardOutput = standardOutput;
  }

  /** @throws BarmanException for a form that there is not */
  static Output open(ParameterValue format, Optional<Path> file, Log log) {
    return new Output(format.choice(Format.class), file.orElse(null), log);
  }

  /** An object with its {@code schema}, to be filled. */
  static ObjectNode document() {
    return JSON.createObjectNode().put("schema", SCHEMA);
  }

  /** Gives the answer, in the one of its two forms that was asked for. */
  void answer(List<String> lines, ObjectNode document) {
    answered = true;
    if (format == Format.CONSOLE) {
      lines.forEach(log::info);
      if (file != null) {
        write(file, String.join("\n", lines));
      }
    } else {
      print(document);
    }
  }

  /**
   * Tells a program that reads JSON what went wrong, unless it has an answer, which says that too; on the console Maven itself
   * prints the error.
   */
  void error(BarmanException error) {
    if (format == Format.JSON && !answered) {
      ObjectNode document = document();
      problem(document.putObject("error"), error);
      print(document);
    }
  }

  static void problem(ObjectNode json, BarmanException error) {
    json.put("code", error.code().code()).put("problem", error.problem()).put("hint", error.hint());
  }

  private void print(ObjectNode document) {
    String text;
    try {
      text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    if (file != null) {
      write(file, text);
      return;
    }
    try {
      standardOutput.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      standardOutput.flush();
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "standard output cannot be written: " + e.getMessage(),
          "write to barman.outputFile",
          e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Path directory = file.getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      DurableFile.write(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "barman.outputFile " + file + " cannot be written: " + e,
          "name a file in a directory that this user may write",
          e);
    }
  }
}
