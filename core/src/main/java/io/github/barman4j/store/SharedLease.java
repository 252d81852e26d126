package io.github.barman4j.store;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A lease that any number hold at once: each has a file of its own, {@code .share-<name>.<uuid>}, with a {@link FileLease} on it, so that it
 * ends with its process like any other.
 *
 * <p>Why not a shared lock on one file: POSIX locks belong to the process, and a Java machine refuses a second one on the same byte; two restores
 * in one process would need one counter, and two class loaders of one Maven could not even share that.
 *
 * <p>Files of dead processes are removed by {@link #discard}, which holds the lease of a file while it deletes it; whoever takes a lease looks,
 * when it has it, whether its file is still there.
 */
final class SharedLease implements Lease {
  private static final int UUID_LENGTH = 36;

  private final Path file;
  private final Lease lease;

  private SharedLease(Path file, Lease lease) {
    this.file = file;
    this.lease = lease;
  }

  static Lease take(Path directory, String name, String holder) throws IOException {
    while (true) {
      Path file = directory.resolve(prefix(name) + UUID.randomUUID());
      Optional<Lease> lease = FileLease.tryAcquire(file, holder);
      if (lease.isPresent() && Files.exists(file)) {
        return new SharedLease(file, lease.get());
      }
      lease.ifPresent(Lease::close);
    }
  }

  /** What those who hold it say of themselves. */
  static List<String> holders(Path directory, String name) throws IOException {
    List<String> holders = new ArrayList<>();
    for (Path file : files(directory, name)) {
      FileLease.holder(file).ifPresent(holders::add);
    }
    return holders;
  }

  /** Removes the files of those who have died. */
  static void discard(Path directory, String name) throws IOException {
    for (Path file : files(directory, name)) {
      Optional<Lease> lease = FileLease.tryAcquire(file, "the next deletion");
      if (lease.isPresent()) {
        try (Lease held = lease.get()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.REPOSITORY_IO,
          "removing the lock " + file + " failed: " + e.getMessage(),
          "the lock ends with this process; the next deletion removes the file",
          e);
    } finally {
      lease.close();
    }
  }

  private static String prefix(String name) {
    return ".share-" + name + ".";
  }

  private static List<Path> files(Path directory, String name) throws IOException {
    List<Path> found = new ArrayList<>();
    String prefix = prefix(name);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, file -> {
      String each = String.valueOf(file.getFileName());
      return each.startsWith(prefix) && each.length() == prefix.length() + UUID_LENGTH;
    })) {
      files.forEach(found::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    return found;
  }
}
