package io.github.barman4j.junit;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.drill.DrillStage;
import io.github.barman4j.drill.Faults;
import io.github.barman4j.drill.ScenarioInfo;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Makes an invocation of a method for each scenario of its {@link DisasterDrill}. */
final class DisasterDrillExtension implements TestTemplateInvocationContextProvider {
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return AnnotationSupport.isAnnotated(context.getTestMethod(), DisasterDrill.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Method method = context.getRequiredTestMethod();
    DisasterDrill drill =
        AnnotationSupport.findAnnotation(method, DisasterDrill.class).orElseThrow();
    DrillSettings settings = new DrillSettings(drill, method, context);
    boolean handsOn = Stream.of(method.getParameterTypes())
        .anyMatch(type -> type == DrillStage.class || type == Faults.class);
    if (handsOn == drill.scenario().length > 0) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "@DisasterDrill of " + method.getName()
              + (handsOn
                  ? " names a scenario, and the method breaks things itself"
                  : " names no scenario, and the method takes no DrillStage"),
          "give it a scenario, or a parameter of the type DrillStage or Faults");
    }
    return handsOn ? Stream.of(handsOn(settings)) : catalogue(settings);
  }

  private static TestTemplateInvocationContext handsOn(DrillSettings settings) {
    if (settings.drill().repeat() != 1) {
      throw settings.refused(
          "repeat",
          Integer.toString(settings.drill().repeat()),
          "1 for a method that is the scenario");
    }
    Method method = settings.method();
    ScenarioInfo info = new ScenarioInfo(
        method.getDeclaringClass().getSimpleName() + "." + method.getName(),
        method.getName().replaceAll("(?<!^)([A-Z])", "-$1").toLowerCase(Locale.ROOT),
        1,
        true,
        "a test of " + method.getDeclaringClass().getName());
    Servers servers = settings.servers();
    return new DrillInvocation(
        "PostgreSQL " + servers.version(),
        new HandsOnDrill(
            settings.request(servers),
            info,
            Set.of(settings.drill().breakable()),
            settings.drill().failOnBreach()));
  }

  private static Stream<TestTemplateInvocationContext> catalogue(DrillSettings settings) {
    if (settings.drill().breakable().length > 0) {
      throw settings.refused(
          "breakable",
          List.of(settings.drill().breakable()).toString(),
          "none where a scenario is named, which knows itself what it breaks");
    }
    Map<ScenarioInfo, String> scenarios = settings.scenarios();
    Servers servers = settings.servers();
    List<TestTemplateInvocationContext> invocations = new ArrayList<>();
    scenarios.forEach((info, word) -> invocations.add(new DrillInvocation(
        info.id() + " " + info.name() + ", PostgreSQL " + servers.version(),
        new CatalogueDrill(
            settings.request(servers, info, word, scenarios.size() == 1 ? "" : info.id()),
            settings.drill().failOnBreach()))));
    return invocations.stream();
  }
}
