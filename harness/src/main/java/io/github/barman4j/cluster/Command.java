package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A short program run to its end. */
final class Command {
  private static final long TIMEOUT_SECONDS = 120;

  private Command() {}

  /** @param output standard output and standard error together */
  record Result(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  /** A program that is not there has the exit code 127, as in a shell. */
  static Result run(List<String> command, @Nullable Path directory) {
    Process process;
    try {
      process = builder(command, directory).start();
    } catch (IOException e) {
      return new Result(127, String.valueOf(e.getMessage()));
    }
    try {
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new BarmanException(
            ErrorCode.DRILL_CLUSTER,
            command.get(0) + " did not end within " + TIMEOUT_SECONDS + " s",
            "look at the load of this machine");
      }
      return new Result(process.exitValue(), new String(output, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "the output of " + command.get(0) + " could not be read",
          "see the cause",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BarmanException(
          ErrorCode.INTERRUPTED, "the work was interrupted", "run the goal again", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Messages in English, and none of the caller's PG… and BARMAN_… variables, which may be secrets. */
  static ProcessBuilder builder(List<String> command, @Nullable Path directory) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PG") || name.startsWith("BARMAN_"));
    builder.environment().put("LC_ALL", "C");
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    return builder;
  }
}
