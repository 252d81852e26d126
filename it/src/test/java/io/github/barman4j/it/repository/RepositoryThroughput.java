package io.github.barman4j.it.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.Secret;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.repository.BackupContents;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.BackupWriter;
import io.github.barman4j.repository.BlockConsumer;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.FileInfo;
import io.github.barman4j.repository.KeyRing;
import io.github.barman4j.repository.ManifestEntry;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.store.LocalObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prints how fast a stopped server's data directory is stored, stored again, and read back. Arguments: data directory, an empty directory for
 * the repository, threads (default 2), rounds (default 1), a passphrase (default: not encrypted). Says nothing about PostgreSQL and asserts nothing.
 */
public final class RepositoryThroughput {
  private final ServerRepository server;
  private final Path data;
  private final int threads;
  private int taken;

  private RepositoryThroughput(ServerRepository server, Path data, int threads) {
    this.server = server;
    this.data = data;
    this.threads = threads;
  }

  public static void main(String[] arguments) throws IOException {
    Path data = Path.of(arguments[0]);
    KeyRing keys = arguments.length > 4 ? KeyRing.of(Secret.of(arguments[4])) : KeyRing.NONE;
    Repository repository = Repository.openOrCreate(
        LocalObjectStore.at(Path.of(arguments[1])), RepositoryOptions.defaults(), keys);
    int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 2;
    int rounds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
    RepositoryThroughput figures =
        new RepositoryThroughput(repository.server("main", Compression.DEFAULT), data, threads);
    for (int round = 0; round < rounds; round++) {
      BackupReader first = figures.store("full", null);
      figures.store("again", first);
      figures.read(first);
    }
  }

  private BackupReader store(String what, @Nullable BackupReader parent) throws IOException {
    taken++;
    String id = String.format(Locale.ROOT, "20261123T06%04dZ-0000", taken);
    Watch watch = new Watch();
    try (RepositoryLock lock = server.lock(ServerRepository.BACKUP);
        TaskGroup workers = TaskGroup.of("hashing", threads, 2 * threads);
        BackupWriter writer = server.newBackup(id, parent, workers)) {
      Objects.requireNonNull(lock);
      storeFiles(writer);
      BackupContents contents = writer.finish();
      server.documents().putIfAbsent("backups/" + id + ".json", "{}".getBytes(UTF_8));
      server.confirmBackup(id);
      watch.print(what, contents.databaseBytes());
      System.out.printf(
          Locale.ROOT,
          "         %d files, new %.1f MB, reused %.1f MB, stored %.2f MB%n",
          contents.files(),
          contents.newBytes() / 1e6,
          contents.reusedBytes() / 1e6,
          contents.storedBytes() / 1e6);
      return server.openBackup(id, contents.manifestHash());
    }
  }

  private void storeFiles(BackupWriter writer) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(data)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        writer.file(
            new FileInfo(
                data.relativize(file).toString(),
                0600,
                Files.getLastModifiedTime(file).toInstant(),
                Files.size(file)),
            in);
      }
    }
  }

  private void read(BackupReader backup) {
    Watch watch = new Watch();
    try (TaskGroup readers = TaskGroup.of("reading", threads, 2 * threads)) {
      BlockConsumer nothing = (offset, buffer, from, length) -> {};
      for (ManifestEntry entry : backup.entries()) {
        if (entry instanceof FileEntry file) {
          readers.submit(() -> {
            backup.read(file, nothing);
            return file;
          });
        }
      }
      readers.join();
    }
    watch.print("read", backup.bytes());
  }

  /** Wall clock and processor time of the whole process. */
  private static final class Watch {
    private final long startNanos = System.nanoTime();
    private final long startCpuNanos = cpuNanos();

    void print(String what, long bytes) {
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      double cpu = (cpuNanos() - startCpuNanos) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%-8s %7.1f MB in %5.2f s: %6.0f MB/s; %5.2f s of processor time: %6.0f MB/s a core%n",
          what,
          bytes / 1e6,
          seconds,
          bytes / 1e6 / seconds,
          cpu,
          bytes / 1e6 / cpu);
    }

    private static long cpuNanos() {
      return ((com.sun.management.OperatingSystemMXBean)
              ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    }
  }
}
