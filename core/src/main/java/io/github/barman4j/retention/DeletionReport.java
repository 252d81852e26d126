package io.github.barman4j.retention;

import io.github.barman4j.catalog.BackupId;
import java.util.List;

/**
 * What a deletion has done.
 *
 * @param packs how many packs went
 * @param walSegments how many archived segments went
 * @param freedBytes how much smaller the repository is
 * @param reasons one line for every decision, those of the plan that was carried out
 */
public record DeletionReport(
    BackupId backup, int packs, int walSegments, long freedBytes, List<String> reasons) {
  public DeletionReport {
    reasons = List.copyOf(reasons);
  }
}
