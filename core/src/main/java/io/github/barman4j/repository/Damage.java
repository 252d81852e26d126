package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.store.ObjectStore;
import org.jspecify.annotations.Nullable;

/** The exceptions for stored bytes that are not what was written. */
final class Damage {
  private static final String HINT =
      "restore the object from a copy of the repository, check the disk, and take a new backup";

  private Damage() {}

  /** @param object the key, as it is in the store */
  static IntegrityException in(String object, String problem) {
    return in(object, problem, null);
  }

  static IntegrityException in(String object, String problem, @Nullable Throwable cause) {
    return new IntegrityException(
        ErrorCode.REPOSITORY_DAMAGED,
        "object '" + object + "' is damaged: " + problem,
        HINT,
        cause);
  }

  /** Says what the damage does: the file and block that cannot be read. */
  static IntegrityException of(String victim, IntegrityException damage) {
    return new IntegrityException(
        damage.code(), victim + " cannot be read: " + damage.problem(), damage.hint(), damage);
  }

  /** What a backup needs and what is not there counts as damage. */
  static RuntimeException ifMissing(BarmanException e) {
    return ObjectStore.isMissing(e)
        ? new IntegrityException(ErrorCode.REPOSITORY_DAMAGED, e.problem(), e.hint(), e)
        : e;
  }
}
