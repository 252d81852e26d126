package io.github.barman4j.it.restore;

import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.restore.RestoreRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** A restore in a process of its own, which can be killed. Arguments: repository, directory, owner. */
final class RestoreProcess implements AutoCloseable {
  private final Process process;

  private RestoreProcess(Process process) {
    this.process = process;
  }

  static RestoreProcess start(Path repository, Path directory, String owner, Path log) {
    List<String> command = List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-cp",
        System.getProperty("java.class.path"),
        RestoreProcess.class.getName(),
        repository.toString(),
        directory.toString(),
        owner);
    try {
      return new RestoreProcess(new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] arguments) {
    EngineConfiguration configuration =
        EngineConfiguration.of(Path.of(arguments[0]), "main", null).withJobs(1);
    Engine.open(configuration, event -> System.out.println(event))
        .restore(RestoreRequest.to(Path.of(arguments[1])).owner(arguments[2]).build());
  }
}
