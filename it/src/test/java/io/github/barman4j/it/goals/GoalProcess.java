package io.github.barman4j.it.goals;

import io.github.barman4j.maven.GoalCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.maven.plugin.AbstractMojoExecutionException;
import org.opentest4j.TestAbortedException;

/**
 * A goal in a process of its own that has fewer rights than the test, whoever runs it. It prints what the goal logs, and its message when
 * it fails.
 *
 * <p>Arguments: goal, folder, properties.
 */
final class GoalProcess {
  private static final long LIMIT_SECONDS = 120;
  private static final List<String> ROOTS = List.of("unshare", "-m");
  private static final List<String> ANYBODYS = List.of("unshare", "-U", "-r", "-m");

  private final List<String> prefix;

  private GoalProcess(List<String> prefix) {
    this.prefix = prefix;
  }

  /** How it ended, and what it has printed. */
  record Result(int exitCode, String output) {}

  /** Permission bits bind it, also when the test is root's: the file owner's own rights are all that it has. */
  static GoalProcess withoutPrivilege() throws IOException {
    return new GoalProcess(
        isRoot() ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search") : List.of());
  }

  /** A directory is on a read-only file system for it, and for nobody else: a bind mount in a name space of its own. */
  static GoalProcess withReadOnly(Path directory) throws IOException {
    return mounted("mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\"", directory);
  }

  /** A directory is on a disk of its own for it, which is empty and has that many MiB, and for nobody else. */
  static GoalProcess withSmallDisk(Path directory, int mebibytes) throws IOException {
    return mounted("mount -t tmpfs -o size=" + mebibytes + "m none \"$0\"", directory);
  }

  /** Skips the test, with the reason, where this machine lets nobody mount anything: in a container without that right. */
  private static GoalProcess mounted(String mount, Path directory) throws IOException {
    List<String> refusals = new ArrayList<>();
    for (List<String> space : isRoot() ? List.of(ROOTS, ANYBODYS) : List.of(ANYBODYS)) {
      GoalProcess process = new GoalProcess(in(space, mount + " && exec \"$@\"", directory));
      Path output = Files.createTempFile("mount", ".log");
      try {
        Result attempt = end(start(in(space, mount, directory), output), output);
        if (attempt.exitCode() == 0) {
          return process;
        }
        refusals.add(attempt.output().strip());
      } catch (UncheckedIOException e) {
        refusals.add(String.valueOf(e.getMessage()));
      } finally {
        Files.delete(output);
      }
    }
    throw new TestAbortedException("nothing can be mounted on this machine: " + refusals);
  }

  private static List<String> in(List<String> space, String script, Path directory) {
    List<String> command = new ArrayList<>(space);
    command.addAll(List.of("sh", "-c", script, directory.toString()));
    return command;
  }

  private static boolean isRoot() throws IOException {
    return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  Process start(Path folder, Path output, String goal, List<String> properties) {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(GoalProcess.class.getName(), goal, folder.toString()));
    command.addAll(properties);
    return start(command, output);
  }

  private static Process start(List<String> command, Path output) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Result run(Path folder, String goal, List<String> properties) throws IOException {
    Path output = Files.createTempFile("goal", ".log");
    try {
      return end(start(folder, output, goal, properties), output);
    } finally {
      Files.delete(output);
    }
  }

  static Result end(Process process, Path output) throws IOException {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it still runs:\n" + Files.readString(output));
      }
      return new Result(process.exitValue(), Files.readString(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  public static void main(String[] arguments) throws Exception {
    GoalCall call = new GoalCall(
        arguments[0], Path.of(arguments[1]), Stream.of(arguments).skip(2).toArray(String[]::new));
    int exitCode = 0;
    try {
      call.run();
    } catch (AbstractMojoExecutionException e) {
      System.out.println(e.getMessage());
      exitCode = 1;
    }
    call.lines().forEach(System.out::println);
    System.exit(exitCode);
  }
}
