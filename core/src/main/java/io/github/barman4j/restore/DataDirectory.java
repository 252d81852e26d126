package io.github.barman4j.restore;

import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A data directory that is being restored, with its tablespaces: says where each stored path goes, and makes directories and links
 * that belong to the owner. Nothing is written outside of it and of the tablespaces' locations. Thread-safe.
 */
final class DataDirectory {
  /** Directories that a server needs and that a base backup may leave out (basebackup.c, excludeDirContents, 15–18). */
  private static final List<String> NEEDED = List.of(
      "pg_commit_ts",
      "pg_dynshmem",
      "pg_logical",
      "pg_logical/mappings",
      "pg_logical/snapshots",
      "pg_notify",
      "pg_replslot",
      "pg_serial",
      "pg_snapshots",
      "pg_stat",
      "pg_stat_tmp",
      "pg_subtrans",
      "pg_tblspc",
      "pg_twophase",
      "pg_wal",
      "pg_wal/archive_status");

  private static final int GROUP_READ_EXECUTE = 0050;
  private static final int OWNER_ONLY = 0700;

  private final Path root;
  private final TablespaceMap tablespaces;
  private final FileOwner owner;
  private final int mode;

  /** @param groupAccess whether the group may read, as {@code initdb --allow-group-access} has it */
  DataDirectory(Path root, TablespaceMap tablespaces, FileOwner owner, boolean groupAccess) {
    this.root = root;
    this.tablespaces = tablespaces;
    this.owner = owner;
    this.mode = groupAccess ? OWNER_ONLY | GROUP_READ_EXECUTE : OWNER_ONLY;
  }

  Path root() {
    return root;
  }

  FileOwner owner() {
    return owner;
  }

  /** Makes the directory itself. Whether it may be made was checked before. */
  void create() throws IOException {
    makeWithParents(root);
  }

  /** Makes the tablespaces' locations and the links to them, where they are not there. */
  void linkTablespaces() throws IOException {
    makeIfAbsent(root.resolve("pg_tblspc"), mode);
    for (TablespaceMap.Place place : tablespaces.places()) {
      makeWithParents(place.location());
      Path link = root.resolve(place.link());
      if (!hasLink(place.link(), link)) {
        Files.createSymbolicLink(link, place.location());
      }
      owner.give(link);
    }
  }

  /** Whether a path is the link of a tablespace, there and right. */
  boolean hasLink(String path, Path link) throws IOException {
    for (TablespaceMap.Place place : tablespaces.places()) {
      if (place.link().equals(path)) {
        return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(place.location());
      }
    }
    return false;
  }

  /** Where the tablespace of a link lies. */
  Path locationOf(String link) {
    return tablespaces.places().stream()
        .filter(place -> place.link().equals(link))
        .map(TablespaceMap.Place::location)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(link + " is no tablespace's link"));
  }

  /** Whether a directory is one that {@link #addNeededDirectories} makes. */
  static boolean isNeeded(String path) {
    return NEEDED.contains(path);
  }

  void addNeededDirectories() throws IOException {
    for (String name : NEEDED) {
      makeIfAbsent(root.resolve(name), mode);
    }
  }

  void makeDirectory(String path, int storedMode) throws IOException {
    Path directory = resolve(path);
    makeIfAbsent(directory, storedMode);
    give(directory, storedMode);
  }

  /**
   * Where a stored path goes: below a tablespace's location when it begins with its link.
   *
   * @throws IntegrityException for a path that is not plainly relative, whatever the repository's own checks say
   */
  Path resolve(String path) {
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
        throw new IntegrityException(
            ErrorCode.HOSTILE_ARCHIVE,
            "the stored path '" + path + "' does not lie in a data directory",
            "the backup is damaged or was forged; restore another one.");
      }
    }
    for (TablespaceMap.Place place : tablespaces.places()) {
      if (path.startsWith(place.link() + "/")) {
        return place.location().resolve(path.substring(place.link().length() + 1));
      }
    }
    return root.resolve(path);
  }

  /** Whether a stored link is one that {@link #linkTablespaces} makes. */
  boolean isTablespaceLink(String path) {
    return tablespaces.places().stream().anyMatch(place -> place.link().equals(path));
  }

  /** Forces the entries of the data directory, the tablespaces' locations and what lies above them if it is new. */
  void syncRoots() throws IOException {
    DurableFile.syncDirectory(root);
    DurableFile.syncDirectory(root.resolve("pg_tblspc"));
    for (String name : NEEDED) {
      DurableFile.syncDirectory(root.resolve(name));
    }
    for (TablespaceMap.Place place : tablespaces.places()) {
      DurableFile.syncDirectory(place.location());
    }
  }

  private void makeWithParents(Path directory) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path at = directory; at != null && !Files.exists(at); at = at.getParent()) {
      missing.push(at);
    }
    for (Path path : missing) {
      DurableFile.createDirectories(path);
      owner.give(path);
    }
    // It may be a link: what counts is where it leads.
    give(directory.toRealPath(), mode);
  }

  private void makeIfAbsent(Path directory, int wanted) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
      return;
    }
    give(directory, wanted);
  }

  private void give(Path directory, int wanted) throws IOException {
    Files.setPosixFilePermissions(directory, permissions(wanted));
    owner.give(directory);
  }

  /** The permission bits of a stored mode. */
  static Set<PosixFilePermission> permissions(int mode) {
    PosixFilePermission[] byBit = {
      PosixFilePermission.OTHERS_EXECUTE,
      PosixFilePermission.OTHERS_WRITE,
      PosixFilePermission.OTHERS_READ,
      PosixFilePermission.GROUP_EXECUTE,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.GROUP_READ,
      PosixFilePermission.OWNER_EXECUTE,
      PosixFilePermission.OWNER_WRITE,
      PosixFilePermission.OWNER_READ,
    };
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < byBit.length; bit++) {
      if ((mode & 1 << bit) != 0) {
        permissions.add(byBit[bit]);
      }
    }
    return permissions;
  }
}
