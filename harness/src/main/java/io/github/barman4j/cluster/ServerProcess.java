package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One run of a postmaster, a child of this process. */
final class ServerProcess implements ServerRun {
  private final Process process;
  private final Path dataDirectory;
  private final Thread reader;

  private ServerProcess(Process process, Path dataDirectory, Thread reader) {
    this.process = process;
    this.dataDirectory = dataDirectory;
    this.reader = reader;
  }

  static ServerProcess start(
      List<String> command, Path workingDirectory, Path dataDirectory, ServerLog log) {
    try {
      Process process = Command.builder(command, workingDirectory).start();
      process.getOutputStream().close();
      Thread reader = log.follow(process.getInputStream(), "postgres-log-" + process.pid());
      return new ServerProcess(process, dataDirectory, reader);
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER, command.get(0) + " could not be run", "see the cause", e);
    }
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void stop(StopMode mode) {
    signal(pid(), mode.signal());
  }

  /** Nothing is. */
  @Override
  public void remove() {}

  @Override
  public void suspend(long pid) {
    signal(pid, "STOP");
  }

  /** The postmaster is stopped first, and starts no process meanwhile. */
  @Override
  public void pause() {
    long postmaster = pid();
    signal(postmaster, "STOP");
    all(postmaster).forEach(handle -> signal(handle.pid(), "STOP"));
  }

  /** The postmaster goes on last, and after it runuser, which has stopped itself with its child. */
  @Override
  public void resume() {
    if (!process.isAlive()) {
      return;
    }
    all(pid()).forEach(handle -> signal(handle.pid(), "CONT"));
    signal(process.pid(), "CONT");
  }

  /** Of a server, its postmaster last. */
  private static List<ProcessHandle> all(long postmaster) {
    List<ProcessHandle> all = new ArrayList<>();
    ProcessHandle.of(postmaster).ifPresent(handle -> {
      all.addAll(handle.descendants().toList());
      all.add(handle);
    });
    return all;
  }

  @Override
  public boolean awaitEnd(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    boolean interrupted = false;
    try {
      while (process.isAlive()) {
        try {
          if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return false;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      joinReader();
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * SIGKILL for all. The postmaster is stopped first (SIGSTOP): it starts no process meanwhile, and none of its children sees
   * another die before its own end, so nothing is shut down in order.
   */
  @Override
  public long kill() {
    long postmaster = pid();
    signal(postmaster, "STOP");
    List<ProcessHandle> all = all(postmaster);
    long nanos = System.nanoTime();
    all.forEach(ProcessHandle::destroyForcibly);
    long deadline = nanos + Duration.ofSeconds(30).toNanos();
    for (ProcessHandle handle : all) {
      while (isRunning(handle)) {
        if (System.nanoTime() > deadline) {
          throw new BarmanException(
              ErrorCode.DRILL_CLUSTER,
              "process " + handle.pid() + " of PostgreSQL outlived SIGKILL by 30 s",
              "look for a hanging disk");
        }
        LockSupport.parkNanos(200_000);
      }
    }
    if (process.isAlive() && process.pid() != postmaster) {
      // runuser has stopped itself with its child; it must reap it, for PostgreSQL takes a zombie
      // for alive.
      signal(process.pid(), "CONT");
    }
    awaitEnd(Duration.ofSeconds(30));
    return nanos;
  }

  @Override
  public void destroy() {
    OptionalLong sharedMemory = sharedMemoryId(dataDirectory);
    kill();
    sharedMemory.ifPresent(id -> Command.run(List.of("ipcrm", "-m", Long.toString(id)), null));
  }

  /** The System V shared memory that a killed server leaves behind (miscinit.c, line 7 of postmaster.pid). */
  static OptionalLong sharedMemoryId(Path dataDirectory) {
    List<String> lines = postmasterPid(dataDirectory).orElse(List.of());
    if (lines.size() < 7) {
      return OptionalLong.empty();
    }
    String[] keyAndId = lines.get(6).strip().split("\\s+");
    return keyAndId.length == 2
        ? OptionalLong.of(Long.parseLong(keyAndId[1]))
        : OptionalLong.empty();
  }

  /** Where the account was changed with runuser, the child is not the postmaster. */
  private long pid() {
    return postmasterPid(dataDirectory)
        .filter(lines -> !lines.isEmpty())
        .map(lines -> Long.parseLong(lines.get(0).strip()))
        .filter(pid -> ProcessHandle.of(pid).isPresent())
        .orElse(process.pid());
  }

  private static Optional<List<String>> postmasterPid(Path dataDirectory) {
    try {
      return Optional.of(
          Files.readAllLines(dataDirectory.resolve("postmaster.pid"), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void joinReader() {
    try {
      reader.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void signal(long pid, String signal) {
    Command.run(List.of("sh", "-c", "kill -s " + signal + " " + pid), null);
  }

  /** An orphan stays a zombie where nobody waits for it, as in a container without init: it runs no more. */
  private static boolean isRunning(ProcessHandle handle) {
    if (!handle.isAlive()) {
      return false;
    }
    try {
      String stat =
          Files.readString(Path.of("/proc/" + handle.pid() + "/stat"), StandardCharsets.UTF_8);
      return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
    } catch (IOException e) {
      return handle.isAlive();
    }
  }
}
