package io.github.barman4j.backup;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one backup is to be.
 *
 * @param name the user's name for it, or null
 * @param compression of the blocks in the repository, as the catalog names it
 * @param fresh store every block anew
 * @param waitTimeout how long to wait, after the server's stop, for the WAL that the backup needs
 * @param method how the bytes are read, as the catalog names it
 */
public record BackupJob(
    BackupId id,
    @Nullable String name,
    String compression,
    boolean fresh,
    Duration waitTimeout,
    String method) {

  /** A name means one backup: it is refused when an earlier one has it. */
  void requireNewName(List<Backup> earlier) {
    for (Backup backup : earlier) {
      if (name != null && backup.name().filter(name::equals).isPresent()) {
        throw new BarmanException(
            ErrorCode.BACKUP_EXISTS,
            "backup " + backup.id() + " is called '" + name + "' already",
            "choose another barman.name");
      }
    }
  }
}
