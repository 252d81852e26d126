package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.EventSink;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** A goal that answers from the repository alone. */
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
abstract class CatalogMojo extends RepositoryMojo {
  /** The form of the answer: <code>console</code> or <code>json</code>. */
  @Parameter(property = "barman.output", defaultValue = "console")
  private String output;

  /** The file that the answer is written to. JSON then goes there instead of standard output. */
  @Parameter(property = "barman.outputFile")
  private @Nullable String outputFile;

  private @Nullable Output opened;

  abstract void answer(Engine engine, Output to);

  /** What the engine is opened with. */
  EngineConfiguration engineConfiguration() {
    return configuration(null);
  }

  /** Where progress goes: nowhere, but for goals that take long. */
  EventSink events() {
    return EventSink.NONE;
  }

  @Override
  final void run() {
    Output to = Output.open(
        value("barman.output", output),
        ParameterValue.of("barman.outputFile", outputFile).map(file -> file.path(baseDirectory())),
        getLog());
    opened = to;
    answer(Engine.open(engineConfiguration(), events()), to);
  }

  @Override
  final void failed(BarmanException error) {
    if (opened != null) {
      opened.error(error);
    }
  }
}
