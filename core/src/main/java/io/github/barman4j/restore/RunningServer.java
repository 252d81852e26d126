package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether a PostgreSQL server works on a data directory: by its pid file (manual, section 19.1), and on Linux also by the processes
 * called postgres that have it as their working directory, as all of a server's have (postinit.c, checkDataDir and ChangeToDataDir,
 * 15–18). So a server is seen whose pid file was deleted, and its children when it was killed itself.
 */
final class RunningServer {
  private RunningServer() {}

  /** @throws BarmanException RESTORE_DIRECTORY_RUNNING when there is one */
  static void refuse(Path directory) throws IOException {
    Optional<Long> byFile = byPidFile(directory);
    if (byFile.isPresent()) {
      throw refusal(
          directory,
          byFile.get(),
          "; if that process is no PostgreSQL, delete postmaster.pid there.");
    }
    Path real = directory.toRealPath();
    Optional<Long> byFolder = ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> worksIn(Path.of("/proc", Long.toString(pid)), real))
        .findFirst();
    if (byFolder.isPresent()) {
      throw refusal(directory, byFolder.get(), ".");
    }
  }

  private static BarmanException refusal(Path directory, long process, String more) {
    return new BarmanException(
        ErrorCode.RESTORE_DIRECTORY_RUNNING,
        "a PostgreSQL server runs on " + directory + " (process " + process + ")",
        "restore into another directory; stop the server first if this one is to be replaced"
            + more);
  }

  private static Optional<Long> byPidFile(Path directory) throws IOException {
    Path file = directory.resolve("postmaster.pid");
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    String first =
        Files.readString(file, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
    return Optional.of(first.strip())
        .filter(text -> text.matches("[0-9]{1,18}"))
        .map(Long::valueOf)
        .filter(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }

  /** False also where the system has no such files or does not let us look. */
  private static boolean worksIn(Path process, Path directory) {
    try {
      return Files.readString(process.resolve("comm"), StandardCharsets.ISO_8859_1)
              .strip()
              .equals("postgres")
          && Files.readSymbolicLink(process.resolve("cwd")).equals(directory);
    } catch (IOException e) {
      return false;
    }
  }
}
