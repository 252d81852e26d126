package io.github.barman4j.report;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * How a scenario of a drill is run again.
 *
 * @param command a line for a shell
 * @param choosing whether the choice of the scenario follows behind it; otherwise it is whole
 * @param files by their ids, the paths of scenarios that are chosen by a file
 */
public record RunAgain(String command, boolean choosing, Map<String, String> files) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:,=+@-]+");

  public RunAgain {
    files = Map.copyOf(files);
  }

  /** @param command up to the choice of scenarios */
  public static RunAgain choosing(String command) {
    return new RunAgain(command, true, Map.of());
  }

  /** @param command that runs one scenario, as that of a test */
  public static RunAgain whole(String command) {
    return new RunAgain(command, false, Map.of());
  }

  public RunAgain withFiles(Map<String, String> paths) {
    return new RunAgain(command, choosing, paths);
  }

  /** The line that runs this scenario. */
  public String of(ScenarioResult result) {
    return choosing
        ? command + " "
            + argument("-Dbarman.drill.scenarios=" + files.getOrDefault(result.id(), result.id()))
        : command;
  }

  /** One argument, as a shell reads it. */
  public static String argument(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
