package io.github.barman4j;

import static java.nio.file.StandardOpenOption.READ;

import io.github.barman4j.LiveTemporaries.Temporary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * A file that is there whole or not at all, also after a loss of power.
 *
 * <p>It is written under a temporary name in the same directory, then: fsync of the file, rename, fsync of the directory.
 * {@link #close()} without {@link #commit()} removes the temporary file. This class alone renames and forces. Not
 * thread-safe.
 *
 * <p>Temporary names begin with {@link #TEMPORARY_PREFIX}. The file is locked while it is written, so that what a killed process has
 * left is known for that: {@link #deleteAbandoned}.
 */
public final class DurableFile implements AutoCloseable {
  public static final String TEMPORARY_PREFIX = ".tmp-";

  private final Path target;
  private final Temporary owned;
  private final Path temporary;
  private final FileChannel channel;
  private boolean finished;

  private DurableFile(Path target, Temporary owned) {
    this.target = target;
    this.owned = owned;
    this.temporary = owned.file();
    this.channel = owned.channel();
  }

  /** Begins a file that will appear at {@code target} with {@link #commit()}. The directory must exist. */
  public static DurableFile create(Path target) throws IOException {
    return new DurableFile(target, LiveTemporaries.create(() -> {
      Path temporary = target.resolveSibling(TEMPORARY_PREFIX + UUID.randomUUID());
      PersistencePoint.CREATE_TEMPORARY.reached(temporary);
      return temporary;
    }));
  }

  /** Deletes a file with a temporary name, durably, if it is there and the process that wrote it has ended. */
  public static void deleteAbandoned(Path temporary) throws IOException {
    LiveTemporaries.deleteAbandoned(temporary);
  }

  public FileChannel channel() {
    return channel;
  }

  /** Unbuffered; closing it does nothing. */
  public OutputStream out() {
    OutputStream raw = Channels.newOutputStream(channel);
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        PersistencePoint.WRITE.reached(temporary);
        raw.write(b);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        PersistencePoint.WRITE.reached(temporary);
        raw.write(bytes, offset, length);
      }
    };
  }

  /** Makes the content durable under the target's name; an existing file is replaced. */
  public void commit() throws IOException {
    syncContent();
    PersistencePoint.RENAME.reached(target);
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    finished = true;
    owned.finished();
    syncDirectory(parentOf(target));
  }

  /**
   * Like {@link #commit()}, but leaves an existing file alone.
   *
   * @return false when the target existed; nothing was changed then
   */
  public boolean commitIfAbsent() throws IOException {
    syncContent();
    PersistencePoint.LINK.reached(target);
    boolean created;
    try {
      Files.createLink(target, temporary);
      created = true;
    } catch (FileAlreadyExistsException e) {
      created = false;
    }
    PersistencePoint.DELETE.reached(temporary);
    Files.delete(temporary);
    finished = true;
    owned.finished();
    syncDirectory(parentOf(target));
    return created;
  }

  @Override
  public void close() throws IOException {
    if (!finished) {
      finished = true;
      try {
        PersistencePoint.DELETE.reached(temporary);
        Files.deleteIfExists(temporary);
      } finally {
        owned.finished();
      }
    }
  }

  /** Writes a small file durably, replacing an existing one. */
  public static void write(Path target, byte[] content) throws IOException {
    try (DurableFile file = create(target)) {
      file.out().write(content);
      file.commit();
    }
  }

  /** Forces content and metadata of an open file to the disk. */
  public static void sync(FileChannel channel, Path file) throws IOException {
    PersistencePoint.SYNC_FILE.reached(file);
    channel.force(true);
  }

  /** Forces the content of an open file, and of its metadata only what is needed to read it again (fdatasync). */
  public static void syncData(FileChannel channel, Path file) throws IOException {
    PersistencePoint.SYNC_FILE.reached(file);
    channel.force(false);
  }

  /** Forces the entries of a directory to the disk: new, renamed and deleted names. */
  public static void syncDirectory(Path directory) throws IOException {
    PersistencePoint.SYNC_DIRECTORY.reached(directory);
    try (FileChannel opened = FileChannel.open(directory, READ)) {
      opened.force(true);
    }
  }

  /** Creates a directory and its missing parents, accessible to the owner alone, and makes them durable. */
  public static void createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      createDirectories(parent);
    }
    PersistencePoint.CREATE_DIRECTORY.reached(directory);
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    if (parent != null) {
      syncDirectory(parent);
    }
  }

  /** Renames within one file system, atomically and durably; an existing target is replaced. */
  public static void rename(Path from, Path to) throws IOException {
    PersistencePoint.RENAME.reached(to);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path source = parentOf(from);
    Path destination = parentOf(to);
    syncDirectory(destination);
    if (!source.equals(destination)) {
      syncDirectory(source);
    }
  }

  /** Deletes a file, if it is there, durably. */
  public static void delete(Path file) throws IOException {
    PersistencePoint.DELETE.reached(file);
    if (Files.deleteIfExists(file)) {
      syncDirectory(parentOf(file));
    }
  }

  private void syncContent() throws IOException {
    if (finished) {
      throw new IllegalStateException(target + " was committed or aborted already");
    }
    sync(channel, temporary);
  }

  private static Path parentOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no directory");
    }
    return parent;
  }
}
