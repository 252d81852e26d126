package io.github.barman4j.catalog;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import java.time.Instant;
import java.util.Optional;

/**
 * A catalog entry that cannot be read: a byte of it has changed, it was cut, or it is that of another backup. Nothing can be restored from its
 * backup, and nobody knows which packs and which WAL it needs. Immutable.
 *
 * @param id of the backup, by the name of the object
 * @param problem naming the object
 */
public record DamagedEntry(BackupId id, ErrorCode code, String problem, String hint) {

  static DamagedEntry of(BackupId id, IntegrityException damage) {
    return new DamagedEntry(
        id,
        damage.code(),
        damage.problem(),
        "put the object back from a copy of the repository, or give the backup up: delete it by its whole id. Other backups are not concerned");
  }

  /** When the backup began, by the server's clock, in whole seconds: all that its name tells. */
  public Optional<Instant> startedAt() {
    return id.startedAt();
  }

  /** One clause. */
  public String describe() {
    return "the catalog entry of backup " + id + " is damaged: " + problem;
  }

  /** For who cannot do without it. */
  IntegrityException failure() {
    return new IntegrityException(code, problem, hint);
  }
}
