package io.github.barman4j.testing;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs a {@link Seeds} test once per seed. */
final class SeedsExtension implements TestTemplateInvocationContextProvider {
  /** The system property with the one seed to replay. */
  static final String REPLAY = "seed";

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return seedsOf(context).isPresent();
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    int count = seedsOf(context).orElseThrow().value();
    return context
        .getConfigurationParameter(REPLAY)
        .map(seed -> LongStream.of(Long.parseLong(seed)))
        .orElseGet(() -> new SplittableRandom().longs(count))
        .mapToObj(Invocation::new);
  }

  private static Optional<Seeds> seedsOf(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getTestMethod(), Seeds.class);
  }

  private record Invocation(long seed)
      implements TestTemplateInvocationContext, ParameterResolver, TestExecutionExceptionHandler {

    @Override
    public String getDisplayName(int invocationIndex) {
      return "seed " + seed;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == RandomGenerator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return new SplittableRandom(seed);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
        throws Throwable {
      failure.addSuppressed(new Replay(seed));
      throw failure;
    }
  }

  /** Rides on a failure and says how to see it again. */
  static final class Replay extends RuntimeException {
    private static final long serialVersionUID = 1;

    Replay(long seed) {
      super("replay with -D" + REPLAY + "=" + seed, null, false, false);
    }
  }
}
