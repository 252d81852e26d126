package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A folder of its own in the machine's temporary folder, which everybody can pass through and which the server's account owns.
 *
 * <p>Short, since a socket's path may have 107 bytes at most. {@link #close()} deletes it with all that is in it.
 */
public final class RunFolder implements AutoCloseable {
  private final Path path;
  private final ServerAccount account;

  private RunFolder(Path path, ServerAccount account) {
    this.path = path;
    this.account = account;
  }

  /** Makes folders. */
  interface Maker {
    RunFolder create(String what);
  }

  /** Finds out who runs servers on the files of a folder. */
  interface Account {
    ServerAccount of(Path folder);
  }

  /** @param what becomes part of the folder's name, for a reader who finds it after a crash of the machine */
  public static RunFolder create(String what) {
    return create(() -> Files.createTempDirectory("barman-" + what + "-"), ServerAccount::detect);
  }

  /** The same in another folder, for servers that run as its account. */
  RunFolder within(String what) {
    return create(() -> Files.createTempDirectory(path, what + "-"), folder -> account);
  }

  /** Makes a directory. */
  interface Directory {
    Path make() throws IOException;
  }

  static RunFolder create(Directory directory, Account accounts) {
    try {
      Path path = directory.make();
      try {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
        ServerAccount account = accounts.of(path);
        account.own(path);
        return new RunFolder(path, account);
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(path);
        throw e;
      }
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "no folder could be made in the temporary folder of this machine",
          "see the cause; -Djava.io.tmpdir names another temporary folder",
          e);
    }
  }

  public Path path() {
    return path;
  }

  public ServerAccount account() {
    return account;
  }

  /** A new empty folder in it that the server can write to, for instance for a tablespace. */
  public Path newFolder(String name) {
    Path folder = path.resolve(name);
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      account.own(folder);
      return folder;
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER, folder + " could not be made", "see the cause", e);
    }
  }

  @Override
  public void close() {
    delete(path);
  }

  /** Deletes a folder and what is in it, if it is there; links are deleted, not followed. */
  public static void delete(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try {
      Files.walkFileTree(tree, new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
            throws IOException {
          Files.deleteIfExists(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
          if (e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
          }
          throw e;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
            throws IOException {
          if (e != null) {
            throw e;
          }
          Files.deleteIfExists(dir);
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER, tree + " could not be deleted", "delete it by hand", e);
    }
  }
}
