package io.github.barman4j.junit;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Interruption;
import io.github.barman4j.drill.Breakable;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.drill.DrillStage;
import io.github.barman4j.drill.Faults;
import io.github.barman4j.drill.OpenDrill;
import io.github.barman4j.drill.ScenarioInfo;
import io.github.barman4j.report.DrillReport;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/** A stage for the method, which is the scenario, and the judgement afterwards. */
final class HandsOnDrill
    implements BeforeTestExecutionCallback, AfterTestExecutionCallback, ParameterResolver {
  private final DrillRequest request;
  private final ScenarioInfo info;
  private final Set<Breakable> breakable;
  private final boolean failOnBreach;
  private @Nullable OpenDrill open;
  private @Nullable Narration narration;
  private @Nullable Interruption interruption;

  HandsOnDrill(
      DrillRequest request, ScenarioInfo info, Set<Breakable> breakable, boolean failOnBreach) {
    this.request = request;
    this.info = info;
    this.breakable = breakable;
    this.failOnBreach = failOnBreach;
  }

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    Narration started = new Narration(context);
    narration = started;
    Interruption guard = Interruption.guarding(Thread.currentThread());
    interruption = guard;
    Optional<DrillReport> skipped = Drill.skipped(request, info, breakable, started);
    if (skipped.isPresent()) {
      TestGate.of(skipped.get(), request.outputDirectory()).check(failOnBreach);
    }
    open = Drill.open(request, info, breakable, started);
  }

  /** JUnit calls this also when the method or its parameters failed; what failed then is what the test fails of. */
  @Override
  public void afterTestExecution(ExtensionContext context) {
    OpenDrill drill = open;
    open = null;
    try (Interruption guard = interruption;
        Narration told = narration;
        drill) {
      Throwable failure = context.getExecutionException().orElse(null);
      if (drill == null || isNoOutcome(failure)) {
        return;
      }
      DrillReport report = drill.finish(failure);
      if (failure == null) {
        TestGate.of(report, request.outputDirectory()).check(failOnBreach);
      }
    }
  }

  /** An assumption of the method did not hold, or the tests are being stopped: there is nothing to report. */
  private static boolean isNoOutcome(@Nullable Throwable failure) {
    return failure instanceof TestAbortedException
        || failure instanceof BarmanException known && known.code() == ErrorCode.INTERRUPTED
        || failure != null && Thread.currentThread().isInterrupted();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == DrillStage.class || type == Faults.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    OpenDrill drill = open;
    if (drill == null) {
      throw new ParameterResolutionException(
          "the stage is there for the test method alone: nothing else can take it");
    }
    return parameter.getParameter().getType() == Faults.class
        ? drill.stage().faults()
        : drill.stage();
  }
}
