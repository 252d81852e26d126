package io.github.barman4j.drill;

import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.postgres.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a server's processes have read from files so far, as the kernel counts it (proc(5), io, rchar; sockets are not in it), and how much
 * log the server had written.
 *
 * @param byProcess bytes by process id; empty where the processes cannot be looked at, as those in a container
 */
record PrimaryReads(Map<Long, Long> byProcess, Lsn written) {
  PrimaryReads {
    byProcess = Map.copyOf(byProcess);
  }

  /** @param here whether the server's processes are this machine's */
  static PrimaryReads of(Cluster server, boolean here) {
    Lsn written =
        Lsn.parse(server.query("postgres", "SELECT pg_current_wal_insert_lsn()").get(0));
    Map<Long, Long> reads = new TreeMap<>();
    if (here) {
      for (String pid : server.query("postgres", "SELECT pid FROM pg_stat_activity")) {
        read(Path.of("/proc", pid, "io"), Long.parseLong(pid), reads);
      }
    }
    return new PrimaryReads(reads, written);
  }

  private static void read(Path file, long pid, Map<Long, Long> reads) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("rchar: ")) {
          reads.put(pid, Long.parseLong(line.substring("rchar: ".length()).strip()));
        }
      }
    } catch (IOException e) {
      // The process has ended meanwhile, or may not be looked at: it is not among those that count.
      reads.remove(pid);
    }
  }

  /** Bytes that were read since, by processes that are there now; empty where none can be looked at. */
  OptionalLong since(PrimaryReads earlier) {
    if (byProcess.isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(byProcess.entrySet().stream()
        .mapToLong(now -> now.getValue() - earlier.byProcess.getOrDefault(now.getKey(), 0L))
        .sum());
  }

  long writtenSince(PrimaryReads earlier) {
    return written.minus(earlier.written);
  }
}
