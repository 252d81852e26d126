package io.github.barman4j.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The processes that have to do with a folder: they work in it, as every process of a PostgreSQL server does in its data directory, or
 * their command line names it. A zombie counts no more.
 */
final class FolderProcesses {
  private FolderProcesses() {}

  /** In words. Where a process may not be looked at, it is another user's and none of ours. */
  static List<String> of(Path folder) {
    List<String> found = new ArrayList<>();
    ProcessHandle.allProcesses().forEach(process -> {
      String command = process.info().commandLine().orElse("");
      if (command.contains(folder + "/")
          || workingDirectory(process).filter(place -> place.startsWith(folder)).isPresent()) {
        found.add("process " + process.pid() + " " + command);
      }
    });
    return found;
  }

  /** As Linux tells it; a folder that is gone keeps its name. Elsewhere the command line must do. */
  private static Optional<Path> workingDirectory(ProcessHandle process) {
    try {
      return Optional.of(
          Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
