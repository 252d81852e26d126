package io.github.barman4j.fault;

import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.postgres.WalSegment;

/** The host that keeps the backups, where it can be broken. */
public interface HostTarget {
  /** @throws io.github.barman4j.BarmanException with code DRILL_FAILED when the archive does not have it */
  Damage loseSegment(WalSegment segment);

  /** It runs in a process of its own. */
  Damage killReceiver();

  Damage connectElsewhere(ServerConnection other);

  /** In the largest of the packs that a backup has made. */
  Damage flipBit(BackupId backup);

  /** @throws IllegalStateException when its disk is none that can be filled */
  Damage fillDisk(long freeBytes);

  /** @throws IllegalStateException when the repository is not encrypted */
  Damage loseKey();

  /** @throws IllegalStateException when the repository is not encrypted */
  Damage mistakeKey();

  /** What comes of it is told by the restore. */
  Damage deleteWhileRestored(BackupId backup);
}
