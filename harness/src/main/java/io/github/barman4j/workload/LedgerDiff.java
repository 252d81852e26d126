package io.github.barman4j.workload;

import io.github.barman4j.postgres.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a recovery has brought back of what the ledger knows.
 *
 * @param acknowledged how many acknowledged commits had to be there
 * @param lost acknowledged, demanded by the horizon and absent, oldest first
 * @param phantoms present, but neither acknowledged nor unknown
 * @param nonPrefixLoss acknowledged and absent although a later row of the same writer is present: corruption or lost order
 * @param unknownRecovered the outcome is unknown and the row is present
 * @param unknownNotRecovered the outcome is unknown and the row is absent
 * @param overshoot present and beyond the horizon
 * @param lastDemanded the position of the last acknowledged commit that had to be there
 * @param lastRecovered the position of the last of the ledger's commits that is present
 * @param lastSurvivingNanos when the newest acknowledged commit that is present was acknowledged; empty when none is
 */
public record LedgerDiff(
    long acknowledged,
    List<LedgerEntry> lost,
    List<RowKey> phantoms,
    List<LedgerEntry> nonPrefixLoss,
    List<LedgerEntry> unknownRecovered,
    List<LedgerEntry> unknownNotRecovered,
    List<LedgerEntry> overshoot,
    Lsn lastDemanded,
    Lsn lastRecovered,
    Optional<Long> lastSurvivingNanos) {

  public LedgerDiff {
    lost = List.copyOf(lost);
    phantoms = List.copyOf(phantoms);
    nonPrefixLoss = List.copyOf(nonPrefixLoss);
    unknownRecovered = List.copyOf(unknownRecovered);
    unknownNotRecovered = List.copyOf(unknownNotRecovered);
    overshoot = List.copyOf(overshoot);
  }

  /**
   * @param entries the whole ledger
   * @param present all rows after the recovery
   */
  public static LedgerDiff of(List<LedgerEntry> entries, Set<RowKey> present, Horizon horizon) {
    Map<Integer, Long> lastPresent = lastPresentOfEachWriter(present);
    Set<RowKey> explained = new HashSet<>();
    List<LedgerEntry> lost = new ArrayList<>();
    List<LedgerEntry> nonPrefix = new ArrayList<>();
    List<LedgerEntry> recovered = new ArrayList<>();
    List<LedgerEntry> notRecovered = new ArrayList<>();
    List<LedgerEntry> overshoot = new ArrayList<>();
    Lsn lastDemanded = Lsn.INVALID;
    Lsn lastRecovered = Lsn.INVALID;
    Optional<Long> lastSurviving = Optional.empty();
    long acknowledged = 0;
    for (LedgerEntry entry : entries) {
      RowKey row = entry.row();
      if (entry.outcome() == Outcome.FAILED) {
        continue;
      }
      explained.add(row);
      boolean there = present.contains(row);
      if (there) {
        lastRecovered = Lsn.max(lastRecovered, entry.position());
        if (horizon.forbids(entry)) {
          overshoot.add(entry);
        }
      }
      if (!entry.isAcked()) {
        (there ? recovered : notRecovered).add(entry);
        continue;
      }
      if (horizon.demands(entry)) {
        acknowledged++;
        lastDemanded = Lsn.max(lastDemanded, entry.position());
        if (!there) {
          lost.add(entry);
        }
      }
      if (there) {
        lastSurviving = Optional.of(later(lastSurviving, entry.nanos()));
      } else if (row.seq() < lastPresent.getOrDefault(row.writer(), 0L)) {
        nonPrefix.add(entry);
      }
    }
    // nanoTime may wrap around: only differences count.
    lost.sort((one, other) -> Long.signum(one.nanos() - other.nanos()));
    List<RowKey> phantoms =
        present.stream().filter(row -> !explained.contains(row)).sorted().toList();
    return new LedgerDiff(
        acknowledged,
        lost,
        phantoms,
        nonPrefix,
        recovered,
        notRecovered,
        overshoot,
        lastDemanded,
        lastRecovered,
        lastSurviving);
  }

  /**
   * How much time was lost: from the acknowledgement of the oldest lost commit to the fault; zero when none is lost, since an idle
   * database is not penalised.
   *
   * @param faultNanos {@link System#nanoTime()} of the fault
   */
  public Duration lostTime(long faultNanos) {
    return lost.isEmpty()
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, faultNanos - lost.get(0).nanos()));
  }

  /** How much log was lost: from the last recovered commit to the last that had to be there; 0 when none is lost. */
  public long lostBytes() {
    return lost.isEmpty() ? 0 : Math.max(0, lastDemanded.minus(lastRecovered));
  }

  /** How old the newest surviving acknowledgement was at the fault. */
  public Optional<Duration> lastSurvivingAge(long faultNanos) {
    return lastSurvivingNanos.map(nanos -> Duration.ofNanos(Math.max(0, faultNanos - nanos)));
  }

  private static Map<Integer, Long> lastPresentOfEachWriter(Set<RowKey> present) {
    Map<Integer, Long> last = new HashMap<>();
    for (RowKey row : present) {
      last.merge(row.writer(), row.seq(), Math::max);
    }
    return last;
  }

  private static long later(Optional<Long> known, long nanos) {
    return known.isPresent() && known.get() - nanos > 0 ? known.get() : nanos;
  }
}
