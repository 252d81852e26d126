package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.ReportedModule;
import io.github.barman4j.report.ReportedModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/**
 * One page, <code>barman-aggregate.html</code>, for a build in which several modules have drills of their own, by this plugin or by tests: every verdict, and
 * the way to each drill's page, which is put beside it. The drills must have run before, in a call of Maven of their own: the site of the
 * project that a build begins with is made before its modules are built.
 */
@Mojo(name = "report-aggregate", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class ReportAggregateMojo extends SiteMojo {
  private static final String NAME = "barman-aggregate";

  /** A test writes into a folder of its own, and for several scenarios into folders below it. */
  private static final int DEPTH = 3;

  /** Where the drills of a module have written their reports, seen from the module. By default <code>target/barman</code>. */
  @Parameter(property = "barman.drill.outputDirectory", defaultValue = "target/barman")
  private String outputDirectory;

  /** Of one drill: where its reports are, and what it is called. */
  private record Found(String name, Path folder) {}

  @Override
  void run() {
    List<Found> drills = drills();
    if (drills.isEmpty()) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "no module has the report of a drill in " + outputDirectory,
          "run the drills before, in a call of their own: mvn verify; or name the folder as barman.drill.outputDirectory");
    }
    List<ReportedModule> modules = new ArrayList<>();
    for (int i = 0; i < drills.size(); i++) {
      Found drill = drills.get(i);
      String page = NAME + "/" + (i + 1) + ".html";
      modules.add(ReportedModule.read(drill.name(), page, drill.folder().resolve("drill.json")));
      write(inSite(page), read(drill.folder().resolve("drill.html")));
    }
    Path target = inSite(NAME + ".html");
    write(target, new ReportedModules(project().getName(), modules).page());
    getLog().info("the drills of " + modules.size() + " modules: " + target);
  }

  private List<Found> drills() {
    String folder = value("barman.drill.outputDirectory", outputDirectory).text();
    List<Found> found = new ArrayList<>();
    for (MavenProject module : session().getProjects()) {
      Path base =
          module.getBasedir() == null ? executionRoot() : module.getBasedir().toPath();
      Path reports = base.resolve(folder);
      for (Path drill : folders(reports)) {
        String test = reports.relativize(drill).toString();
        found.add(new Found(module.getName() + (test.isEmpty() ? "" : ": " + test), drill));
      }
    }
    return found;
  }

  private static List<Path> folders(Path reports) {
    if (!Files.isDirectory(reports)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(reports, DEPTH)) {
      return files
          .filter(file -> file.endsWith("drill.json"))
          .map(file -> file.resolveSibling(""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO, reports + " could not be read: " + e, "look at its rights", e);
    }
  }

  /** One drill alone has its page by the goal report. */
  @Override
  public boolean canGenerateReport() {
    return !isSkipped() && drills().size() > 1;
  }

  @Override
  public String getOutputName() {
    return NAME;
  }

  @Override
  public String getName(@Nullable Locale locale) {
    return "Disaster drills of all modules";
  }

  @Override
  public String getDescription(@Nullable Locale locale) {
    return "Every drill of every module, with its verdicts and its page.";
  }
}
