package io.github.barman4j.catalog;

import java.time.Instant;
import java.util.List;

/**
 * What was found out about a backup after it was taken. A catalog entry never changes; marks lie beside it and go with the backup. Immutable.
 */
public sealed interface Mark {

  /** When it was found out; the catalog keeps the marks of one backup in the order in which they were made. */
  Instant at();

  /**
   * Some of the backup cannot be read as it was stored, or was bad already when it was stored.
   *
   * @param foundBy who looked, for example {@code verify} or {@code backup}
   * @param files what is bad, at least one; not necessarily all that is
   */
  record Damaged(Instant at, String foundBy, List<DamagedFile> files) implements Mark {
    public Damaged {
      files = List.copyOf(files);
      if (files.isEmpty()) {
        throw new IllegalArgumentException("damage without a damaged file");
      }
    }
  }

  /**
   * Every block of the backup was read and has its hash.
   *
   * @param blocks how many
   * @param bytes plain, of all files
   */
  record Verified(Instant at, long blocks, long bytes) implements Mark {}
}
