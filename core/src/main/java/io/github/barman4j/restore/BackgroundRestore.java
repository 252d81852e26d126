package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.repository.RepositoryLock;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Brings the WAL in the background; see {@link RunningRestore}. */
final class BackgroundRestore implements RunningRestore {
  private final WalFiller filler;
  private final @Nullable RestoreMarker marker;
  private final RepositoryLock use;
  private final Function<RestoreResult.Phase, RestoreResult> result;

  /**
   * @param marker what is to be removed when the WAL is there; null when PostgreSQL may be started before
   * @param use what keeps the backup from being deleted; closed with the restore
   */
  BackgroundRestore(
      WalFiller filler,
      @Nullable RestoreMarker marker,
      RepositoryLock use,
      Function<RestoreResult.Phase, RestoreResult> result) {
    this.filler = filler;
    this.marker = marker;
    this.use = use;
    this.result = result;
  }

  @Override
  public RestoreResult join() {
    RestoreResult.Phase wal = filler.join();
    try {
      if (marker != null) {
        marker.remove();
      }
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.RESTORE_FAILED,
          "the restore could not be finished: " + e,
          "check the disk and restore again: the restore goes on where it stopped.",
          e);
    }
    return result.apply(wal);
  }

  @Override
  public void close() {
    try (use) {
      filler.close();
    }
  }
}
