package io.github.barman4j.junit;

import java.util.List;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/** One run of an annotated method. */
record DrillInvocation(String name, Extension drill) implements TestTemplateInvocationContext {
  @Override
  public String getDisplayName(int invocationIndex) {
    return name;
  }

  @Override
  public List<Extension> getAdditionalExtensions() {
    return List.of(drill);
  }
}
