package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.drill.Drill;
import java.util.List;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** A goal that runs scenarios, or lists those that there are. */
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
abstract class ScenariosMojo extends BarmanMojo {
  /**
   * <code>true</code> prints the catalogue of scenarios, with what each breaks, expects and needs, and drills nothing. Scenarios in YAML files are
   * in it when <code>barman.drill.scenarios</code> names them.
   */
  @Parameter(property = "barman.drill.list", defaultValue = "false")
  private String list;

  /** The form of the catalogue: <code>console</code> or <code>json</code>. A drill itself always writes <code>drill.json</code>. */
  @Parameter(property = "barman.output", defaultValue = "console")
  private String output;

  /** The file that the catalogue is written to. JSON then goes there instead of standard output. */
  @Parameter(property = "barman.outputFile")
  private @Nullable String outputFile;

  private @Nullable Output opened;

  /** The words of the user's choice, files by their paths. */
  abstract List<String> chosen();

  /** What the goal does when nothing is listed. */
  abstract void drill();

  @Override
  final void run() {
    if (!ParameterValue.flag("barman.drill.list", list)) {
      drill();
      return;
    }
    Output to = Output.open(
        value("barman.output", output),
        ParameterValue.of("barman.outputFile", outputFile).map(file -> file.path(baseDirectory())),
        getLog());
    opened = to;
    CatalogueText.answer(Drill.scenarios(chosen()), to);
  }

  @Override
  final void failed(BarmanException error) {
    if (opened != null) {
      opened.error(error);
    }
  }
}
