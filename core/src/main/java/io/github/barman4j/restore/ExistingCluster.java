package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.postgres.SystemIdentifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Whether a directory that is not empty may be overwritten: an unfinished restore of ours, or a cluster when that is asked for. */
final class ExistingCluster {
  private static final String VERSION = "PG_VERSION";
  private static final String OTHER =
      "is barman.restoreTo the right directory? to restore there all the same, delete its content.";

  private ExistingCluster() {}

  /**
   * @param directory has something in it
   * @throws BarmanException RESTORE_DIRECTORY_NOT_EMPTY, RESTORE_OTHER_SYSTEM, RESTORE_VERSION
   */
  static Occupant in(Path directory, Backup backup, boolean delta) throws IOException {
    boolean startable =
        Files.exists(directory.resolve(ControlFile.PATH), LinkOption.NOFOLLOW_LINKS);
    Optional<RestoreMarker.Mark> mark = RestoreMarker.read(directory);
    if (mark.isPresent() && !startable) {
      requireSystem(directory, mark.get().system(), backup, "an unfinished restore");
      return new Occupant.Unfinished(mark.get().text());
    }
    if (!delta) {
      throw notEmpty(directory, startable);
    }
    if (!startable) {
      throw new BarmanException(
          ErrorCode.RESTORE_OTHER_SYSTEM,
          "the restore directory " + directory + " is not empty and has no " + ControlFile.PATH
              + ", so it is no data directory",
          OTHER);
    }
    requireSystem(directory, systemOf(directory), backup, "a cluster");
    requireVersion(directory, backup);
    return new Occupant.Cluster();
  }

  private static BarmanException notEmpty(Path directory, boolean startable) {
    boolean marked =
        Files.exists(directory.resolve(RestoreMarker.FILE_NAME), LinkOption.NOFOLLOW_LINKS);
    if (marked && !startable) {
      return new BarmanException(
          ErrorCode.RESTORE_DIRECTORY_NOT_EMPTY,
          "the restore directory " + directory
              + " holds an unfinished restore whose mark this release cannot read",
          "delete its content and restore again; PostgreSQL cannot be started on it.");
    }
    return new BarmanException(
        ErrorCode.RESTORE_DIRECTORY_NOT_EMPTY,
        "the restore directory " + directory + " is not empty"
            + (startable ? ": it holds a PostgreSQL cluster" : ""),
        startable
            ? "name an empty directory in barman.restoreTo, or add barman.delta=true to overwrite that cluster with the backup."
            : "name an empty directory, or one that is not there yet, in barman.restoreTo.");
  }

  private static SystemIdentifier systemOf(Path directory) throws IOException {
    try {
      byte[] content = Files.readAllBytes(directory.resolve(ControlFile.PATH));
      return new SystemIdentifier(ControlFile.parse(content).systemIdentifier());
    } catch (BarmanException e) {
      throw new BarmanException(
          ErrorCode.RESTORE_OTHER_SYSTEM,
          "it cannot be told whose cluster the restore directory " + directory + " holds: "
              + e.problem(),
          OTHER,
          e);
    }
  }

  private static void requireSystem(
      Path directory, SystemIdentifier found, Backup backup, String what) {
    if (!found.equals(backup.systemIdentifier())) {
      throw new BarmanException(
          ErrorCode.RESTORE_OTHER_SYSTEM,
          "the restore directory " + directory + " holds " + what + " of the system " + found
              + ", the backup is of " + backup.systemIdentifier(),
          OTHER);
    }
  }

  private static void requireVersion(Path directory, Backup backup) throws IOException {
    Path file = directory.resolve(VERSION);
    String found = Files.isRegularFile(file)
        ? Files.readString(file, StandardCharsets.ISO_8859_1).strip()
        : "";
    if (!found.isEmpty() && !found.equals(Integer.toString(backup.postgres().major()))) {
      throw new BarmanException(
          ErrorCode.RESTORE_VERSION,
          "the restore directory " + directory + " holds a cluster of PostgreSQL " + found
              + ", the backup is of " + backup.postgres().major(),
          OTHER);
    }
  }
}
