package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.wal.SegmentLog;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalIndex;
import java.util.List;
import java.util.Optional;

/** What a restore says when a segment on its way is damaged: no other backup gets around it, but what lies before it can be reached. */
final class DamagedWal {
  private final WalArchive archive;
  private final RestorePlan plan;

  DamagedWal(WalArchive archive, RestorePlan plan) {
    this.archive = archive;
    this.plan = plan;
  }

  IntegrityException at(WalPiece piece, IntegrityException damage) {
    Backup backup = plan.backup();
    return new IntegrityException(
        ErrorCode.WAL_INVALID,
        "WAL segment " + piece.segment().name() + ", which recovery from backup " + backup.id()
            + " to " + plan.target().describe() + " needs, is damaged: " + damage.problem(),
        "put a good copy of the segment back into the archive; " + nearest(piece, backup),
        damage);
  }

  private String nearest(WalPiece piece, Backup backup) {
    if (piece.segment().start().isBefore(backup.endLsn())) {
      return "the backup itself needs it, so only a target before the backup can be reached, with an older one.";
    }
    return before(piece)
        .map(found -> "barman.targetLsn=" + found.last() + " restores everything before it"
            + found.times().map(times -> " (up to " + times.latest() + ")").orElse("") + ".")
        .orElse(
            "barman.targetImmediate=true restores the end of the backup, " + backup.endLsn() + ".");
  }

  /** The last segment before a piece in which a record ends that is behind the backup; one that cannot be read is passed over. */
  private Optional<WalIndex> before(WalPiece piece) {
    for (int i = plan.wal().indexOf(piece) - 1; i >= 0; i--) {
      Optional<WalIndex> index = index(plan.wal().get(i))
          .filter(found -> !found.last().isBefore(plan.backup().endLsn()));
      if (index.isPresent()) {
        return index;
      }
    }
    return Optional.empty();
  }

  /** Empty when that segment cannot be read either. */
  private Optional<WalIndex> index(WalPiece piece) {
    try {
      return Optional.of(new SegmentLog(archive, List.of()).index(piece.segment()));
    } catch (BarmanException e) {
      return Optional.empty();
    }
  }
}
