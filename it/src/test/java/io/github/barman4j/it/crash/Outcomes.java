package io.github.barman4j.it.crash;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Gathers what came of many crashes, writes the figures down, and fails at the end when anything was wrong. */
final class Outcomes {
  private static final Path FIGURES = Path.of("target", "crash", "figures.txt");

  private final String title;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final long beganNanos = System.nanoTime();

  Outcomes(String title) {
    this.title = title;
  }

  void add(Outcome outcome) {
    outcomes.add(outcome);
    Throwable failure = outcome.failure();
    if (failure != null) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      System.err.println("after " + outcome.what() + ": " + trace);
    }
  }

  /** @throws AssertionError naming each crash after which something was wrong */
  void report() throws IOException {
    long failed = outcomes.stream().filter(outcome -> outcome.failure() != null).count();
    String line = title + ": " + outcomes.size() + " crashes, "
        + outcomes.stream().filter(outcome -> !outcome.reached()).count() + " after the end, "
        + outcomes.stream().mapToInt(Outcome::acknowledged).sum() + " acknowledged commits, "
        + outcomes.stream().mapToInt(Outcome::lost).sum() + " of them lost, "
        + outcomes.stream().mapToInt(Outcome::listed).sum() + " backups listed, "
        + failed + " crashes with something wrong, "
        + (System.nanoTime() - beganNanos) / 1_000_000_000 + " s";
    System.out.println(line);
    Files.createDirectories(FIGURES.getParent());
    Files.writeString(FIGURES, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    if (failed > 0) {
      AssertionError error = new AssertionError(line);
      for (Outcome outcome : outcomes) {
        Throwable failure = outcome.failure();
        if (failure != null) {
          error.addSuppressed(new AssertionError("after " + outcome.what(), failure));
        }
      }
      throw error;
    }
  }
}
