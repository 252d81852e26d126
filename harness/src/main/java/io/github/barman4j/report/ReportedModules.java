package io.github.barman4j.report;

import java.util.List;

/**
 * The drills of a build in which several modules have their own.
 *
 * @param build its name
 * @param modules in the order of the build, a module with several drills several times
 */
public record ReportedModules(String build, List<ReportedModule> modules) {
  public ReportedModules {
    modules = List.copyOf(modules);
  }

  /** One page of all. */
  public String page() {
    return ModulesPage.of(build, modules);
  }
}
