package io.github.barman4j.backup;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.server.ServerFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a backup will do, decided before it does anything.
 *
 * @param parent the backup whose blocks are compared against; empty when every block is stored anew
 * @param reasons one line for every choice
 */
public record BackupPlan(
    BackupId id, Optional<Backup> parent, WalSource walSource, List<String> reasons) {

  /** Where the WAL from start to stop comes from. */
  public enum WalSource {
    /** A receiver runs and archives it. */
    RECEIVER,
    /** The backup streams it itself. */
    OWN_STREAM
  }

  public BackupPlan {
    reasons = List.copyOf(reasons);
  }

  /** The same with every block stored anew. */
  BackupPlan withoutParent() {
    return new BackupPlan(id, Optional.empty(), walSource, reasons);
  }

  /**
   * @param earlier the catalog; a backup whose entry is damaged is not compared with
   * @param receiverRuns whether a receiver of this server archives WAL now
   */
  public static BackupPlan decide(
      BackupJob job, CatalogEntries earlier, ServerFacts facts, boolean receiverRuns) {
    List<String> reasons = new ArrayList<>();
    Optional<Backup> parent = Optional.empty();
    if (job.fresh()) {
      reasons.add("every block is stored anew, as asked");
    } else {
      parent = earlier.backups().stream()
          .filter(backup -> backup.systemIdentifier().equals(facts.systemIdentifier()))
          .filter(backup -> backup.postgres().major() == facts.version().major())
          .reduce((older, newer) -> newer);
      reasons.add(parent
          .map(backup -> "blocks that backup " + backup.id() + " has are referred to")
          .orElse("every block is stored: there is no earlier backup of this server"
              + (earlier.damaged().isEmpty() ? "" : " that can be read")));
    }
    WalSource source = receiverRuns ? WalSource.RECEIVER : WalSource.OWN_STREAM;
    reasons.add(
        receiverRuns
            ? "the running receiver archives the WAL that the backup needs"
            : "no receiver runs: the backup streams the WAL that it needs, in segments of "
                + (facts.walSegmentSize().bytes() >> 20)
                + " MiB, on a temporary slot");
    return new BackupPlan(job.id(), parent, source, reasons);
  }
}
