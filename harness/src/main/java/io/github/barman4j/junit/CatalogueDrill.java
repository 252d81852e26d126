package io.github.barman4j.junit;

import io.github.barman4j.Interruption;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.ScenarioResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Runs a scenario just before the method, which gets what came of it. */
final class CatalogueDrill implements BeforeTestExecutionCallback, ParameterResolver {
  private final DrillRequest request;
  private final boolean failOnBreach;
  private @Nullable DrillReport report;

  CatalogueDrill(DrillRequest request, boolean failOnBreach) {
    this.request = request;
    this.failOnBreach = failOnBreach;
  }

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    try (Narration narration = new Narration(context);
        Interruption interruption = Interruption.guarding(Thread.currentThread())) {
      DrillReport found = Drill.run(request, narration);
      report = found;
      TestGate.of(found, request.outputDirectory()).check(failOnBreach);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == DrillReport.class || type == ScenarioResult.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    DrillReport found = report;
    if (found == null) {
      throw new ParameterResolutionException(
          "the drill is run just before the test method: only that can take what came of it");
    }
    if (parameter.getParameter().getType() == DrillReport.class) {
      return found;
    }
    if (found.scenarios().size() != 1) {
      throw new ParameterResolutionException("the scenario has "
          + found.scenarios().size() + " variants: take a DrillReport instead of a ScenarioResult");
    }
    return found.scenarios().get(0);
  }
}
