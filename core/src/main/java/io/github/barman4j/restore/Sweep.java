package io.github.barman4j.restore;

import io.github.barman4j.DurableFile;
import io.github.barman4j.PersistencePoint;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.DirectoryEntry;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.FileKind;
import io.github.barman4j.repository.ManifestEntry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes away from a directory that is overwritten what the backup does not have, so that what is left has the backup's shape: files
 * where it has files, directories where it has directories, and no links but those of its tablespaces.
 *
 * <p>Links are deleted, what they lead to is not: of a tablespace's location only those folders are swept that the backup has in it, and
 * only if the location is one that the restore uses. A file with more than one name is deleted, since writing into it would change what
 * another cluster sees under the other name.
 */
final class Sweep {
  private final BackupReader backup;
  private final DataDirectory directory;
  private final List<String> notes = new ArrayList<>();
  private long removed;

  Sweep(BackupReader backup, DataDirectory directory) {
    this.backup = backup;
    this.directory = directory;
  }

  /** Sweeps. Nothing of it need be durable: an interrupted restore sweeps again. */
  void run() throws IOException {
    sweep(directory.root(), "");
    DurableFile.syncDirectory(directory.root());
  }

  /** Files, links and directories that are gone, those in them included. */
  long removed() {
    return removed;
  }

  /** What somebody might miss, a sentence each. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  private void sweep(Path folder, String prefix) throws IOException {
    for (Path child : sorted(folder)) {
      String path = prefix + child.getFileName();
      BasicFileAttributes found =
          Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (path.equals(RestoreMarker.FILE_NAME)) {
        continue;
      }
      if (directory.hasLink(path, child)) {
        sweepLocation(path);
      } else if (found.isDirectory() && isDirectoryOfBackup(path)) {
        sweep(child, path + "/");
      } else if (!found.isRegularFile() || !isFileOfBackup(path) || hasOtherNames(child)) {
        note(path, child, found);
        remove(child);
      }
    }
  }

  /** Sorted, so that the entries of the backup are looked up in their order. */
  private static List<Path> sorted(Path folder) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      found.forEach(children::add);
    }
    children.sort(null);
    return children;
  }

  private void sweepLocation(String link) throws IOException {
    for (Path child : sorted(directory.locationOf(link))) {
      String path = link + "/" + child.getFileName();
      if (isDirectoryOfBackup(path) && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        sweep(child, path + "/");
      }
    }
  }

  private boolean isDirectoryOfBackup(String path) {
    return BaseCopy.isWanted(path + "/")
        && (DataDirectory.isNeeded(path)
            || find(path).filter(DirectoryEntry.class::isInstance).isPresent());
  }

  private boolean isFileOfBackup(String path) {
    return BaseCopy.isWanted(path)
        && find(path)
            .filter(entry -> entry instanceof FileEntry file && file.kind() == FileKind.DATA)
            .isPresent();
  }

  private Optional<ManifestEntry> find(String path) {
    return backup.find(path);
  }

  private static boolean hasOtherNames(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1;
  }

  private void note(String path, Path child, BasicFileAttributes found) throws IOException {
    if (found.isSymbolicLink()) {
      notes.add("the link " + path + " was deleted; what it leads to was not touched: "
          + Files.readSymbolicLink(child));
    }
  }

  private void remove(Path tree) throws IOException {
    Files.walkFileTree(tree, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        PersistencePoint.DELETE.reached(file);
        Files.delete(file);
        removed++;
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
          throws IOException {
        if (failure != null) {
          throw failure;
        }
        PersistencePoint.DELETE.reached(folder);
        Files.delete(folder);
        removed++;
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
