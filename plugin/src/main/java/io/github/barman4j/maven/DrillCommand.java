package io.github.barman4j.maven;

import io.github.barman4j.report.RunAgain;
import org.jspecify.annotations.Nullable;

/** The line that runs a drill like this one again, as a shell reads it. Not thread-safe. */
final class DrillCommand {
  private final StringBuilder line;

  /** @param goal for instance {@code mvn org.example:plugin:1:drill} */
  DrillCommand(String goal) {
    line = new StringBuilder(goal);
  }

  /** @param value null when the user gave none */
  DrillCommand with(String property, @Nullable String value) {
    if (value != null) {
      line.append(' ').append(RunAgain.argument("-D" + property + "=" + value));
    }
    return this;
  }

  /** Unless it is what the goal takes anyway. */
  DrillCommand with(String property, String value, String usual) {
    return with(property, value.equals(usual) ? null : value);
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
