package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.BackupLabel;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.ServerRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Everything that is decided about a restore before it touches anything, and all that can be refused until then.
 *
 * @param controlFile the content of pg_control
 * @param limits what it says; empty when its layout is that of a newer server than this release knows
 * @param groupAccess whether the group may read the cluster's files
 * @param occupant what will be overwritten
 */
record Preparation(
    BackupReader reader,
    TablespaceMap tablespaces,
    FileOwner owner,
    byte[] controlFile,
    Optional<ControlFile> limits,
    boolean groupAccess,
    Occupant occupant) {
  private static final int GROUP_READ = 0040;
  private static final String VERSION = "PG_VERSION";

  /** The newest server whose pg_control this release reads. */
  private static final int NEWEST_KNOWN_MAJOR = ControlFile.NEWEST_MAJOR;

  /** Refuses, or returns what the work begins with. Nothing has been written then, but files that were tried and are gone again. */
  static Preparation of(RestorePlan plan, RestoreRequest request, ServerRepository repository)
      throws IOException {
    Path root = request.directory();
    Backup backup = plan.backup();
    request.postgresBin().ifPresent(folder -> ServerProgram.require(folder, backup));
    Occupant occupant = DirectoryCheck.dataDirectory(root, backup, request.delta());
    TablespaceMap tablespaces = TablespaceMap.of(backup, request.tablespaces(), root);
    tablespaces.check(root, occupant);
    FileOwner owner =
        FileOwner.of(DirectoryCheck.existing(root), request.owner().orElse(null));
    BackupReader reader = repository.openBackup(backup.id().value(), backup.manifestHash());
    SpaceCheck.run(reader, root, tablespaces, plan.walBytes(), occupant, FileStore::getUsableSpace);
    requireLabel(reader, backup);
    requireVersion(reader, backup);
    byte[] controlFile = read(reader, backup, ControlFile.PATH);
    return new Preparation(
        reader,
        tablespaces,
        owner,
        controlFile,
        limits(controlFile, backup),
        groupAccess(reader),
        occupant);
  }

  /** Without its label, or with that of another backup, the server would recover from the wrong place and not notice. */
  private static void requireLabel(BackupReader reader, Backup backup) {
    String text = new String(read(reader, backup, BackupLabel.FILE_NAME), StandardCharsets.UTF_8);
    BackupLabel label = BackupLabel.parse(text);
    if (!label.start().equals(backup.beginLsn()) || label.incrementalFrom().isPresent()) {
      throw new IntegrityException(
          ErrorCode.REPOSITORY_DAMAGED,
          "the label of backup " + backup.id() + " begins at " + label.start()
              + label.incrementalFrom().map(lsn -> ", on top of one at " + lsn).orElse("")
              + ", the backup itself at " + backup.beginLsn(),
          "restore another backup.");
    }
  }

  private static void requireVersion(BackupReader reader, Backup backup) {
    String text = new String(read(reader, backup, VERSION), StandardCharsets.UTF_8).strip();
    if (!text.equals(Integer.toString(backup.postgres().major()))) {
      throw new IntegrityException(
          ErrorCode.REPOSITORY_DAMAGED,
          "the files of backup " + backup.id() + " are of PostgreSQL " + text
              + ", the catalog says " + backup.postgres(),
          "restore another backup.");
    }
  }

  private static byte[] read(BackupReader reader, Backup backup, String path) {
    return reader
        .find(path)
        .filter(FileEntry.class::isInstance)
        .map(entry -> reader.readAll((FileEntry) entry))
        .orElseThrow(() -> new IntegrityException(
            ErrorCode.REPOSITORY_DAMAGED,
            "backup " + backup.id() + " has no " + path,
            "restore another backup."));
  }

  private static Optional<ControlFile> limits(byte[] content, Backup backup) {
    ControlFile control;
    try {
      control = ControlFile.parse(content);
    } catch (BarmanException e) {
      if (backup.postgres().major() > NEWEST_KNOWN_MAJOR) {
        return Optional.empty();
      }
      throw e;
    }
    if (control.systemIdentifier() != backup.systemIdentifier().value()) {
      throw new BarmanException(
          ErrorCode.REPOSITORY_OTHER_SYSTEM,
          "pg_control of backup " + backup.id() + " is of the cluster "
              + Long.toUnsignedString(control.systemIdentifier()) + ", not of "
              + backup.systemIdentifier(),
          "the repository has been mixed up; restore another backup.");
    }
    return Optional.of(control);
  }

  /** A cluster that was made with access for the group has a version file that is readable for it. */
  private static boolean groupAccess(BackupReader reader) {
    return reader
        .find(VERSION)
        .map(entry -> entry instanceof FileEntry file && (file.mode() & GROUP_READ) != 0)
        .orElse(false);
  }
}
