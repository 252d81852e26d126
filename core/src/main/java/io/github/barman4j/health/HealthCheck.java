package io.github.barman4j.health;

import io.github.barman4j.BarmanException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.catalog.DamagedEntry;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.repository.ServerIdentity;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.server.Finding;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.server.ReplicationState;
import io.github.barman4j.server.ServerFacts;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalCoverage;
import io.github.barman4j.wal.WalGap;
import io.github.barman4j.wal.WalPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at one server and at what the repository has of it. Not thread-safe.
 *
 * <p>An item that cannot be looked at has failed, with the reason; the others are looked at all the same.
 */
public final class HealthCheck {
  private final List<CheckItem> items = new ArrayList<>();

  /**
   * What a look at the server found: preconditions, whether it is the repository's server, and the receiver's slot.
   *
   * @param slot its name
   */
  public void server(PostgresServer server, Optional<ServerRepository> repository, String slot) {
    looking("server", () -> {
      for (Finding finding : server.preconditions()) {
        items.add(item(finding));
      }
      ServerFacts facts = server.facts();
      repository
          .flatMap(ServerRepository::identity)
          .ifPresent(identity -> items.add(sameSystem(facts, identity)));
    });
    looking("slot", () -> items.add(slot(slot, server.replication(slot).slot())));
  }

  /** The server cannot be reached at all. */
  public void unreachable(BarmanException failure) {
    items.add(CheckItem.failed("connection", failure.problem(), failure.hint()));
  }

  /** There is no repository, or none that can be used. */
  public void noRepository(BarmanException failure) {
    items.add(CheckItem.failed("repository", failure.problem(), failure.hint()));
  }

  /** What the repository has. */
  public void repository(ServerRepository repository, Catalog catalog, WalArchive archive) {
    looking("backups", () -> items.add(backups(catalog.entries())));
    looking("wal", () -> items.add(continuity(catalog.entries().backups(), archive)));
    looking("gaps", () -> items.add(gaps(catalog.entries().backups(), archive.gaps())));
    looking("quarantine", () -> items.add(quarantine(archive.quarantined())));
    looking("receiver", () -> items.add(receiver(repository)));
  }

  public CheckReport report(String server) {
    return new CheckReport(server, items);
  }

  private void looking(String name, Runnable look) {
    try {
      look.run();
    } catch (BarmanException e) {
      items.add(CheckItem.failed(name, e.problem(), e.hint()));
    }
  }

  private static CheckItem item(Finding finding) {
    return switch (finding.level()) {
      case PASSED -> CheckItem.ok(finding.name(), finding.found());
      case WARNING -> CheckItem.warning(finding.name(), finding.found(), finding.hint());
      case FAILED -> CheckItem.failed(finding.name(), finding.found(), finding.hint());
    };
  }

  private static CheckItem sameSystem(ServerFacts facts, ServerIdentity identity) {
    String found = facts.systemIdentifier().toString();
    String stored = Long.toUnsignedString(identity.systemIdentifier());
    if (found.equals(stored)) {
      return CheckItem.ok("system identifier", found);
    }
    return CheckItem.failed(
        "system identifier",
        "the server is " + found + ", the repository's is " + stored,
        "was the cluster initialised anew? use another barman.server or the original cluster.");
  }

  /** A slot that keeps nothing any more stays, in the way of the receiver, until somebody drops it. */
  static CheckItem slot(String name, Optional<ReplicationState.Slot> found) {
    if (found.isEmpty()) {
      return CheckItem.ok("slot", "there is no replication slot '" + name + "'");
    }
    String slot = "replication slot '" + name + "'";
    return switch (found.get().walStatus()) {
      case "lost" ->
        CheckItem.failed(
            "slot",
            slot + " is lost: the server no longer keeps log for it",
            "run SELECT pg_drop_replication_slot('" + name
                + "') on the server, start receive-wal, which makes a new one, and take a backup.");
      case "unreserved" ->
        CheckItem.warning(
            "slot",
            slot + " is about to be lost: the next checkpoint may remove log that it needs",
            "start receive-wal now, or raise max_slot_wal_keep_size.");
      default ->
        CheckItem.ok("slot", slot + (found.get().active() ? " is in use" : " is not in use"));
    };
  }

  static CheckItem backups(CatalogEntries catalog) {
    List<Backup> backups = catalog.backups();
    if (!catalog.damaged().isEmpty()) {
      DamagedEntry first = catalog.damaged().get(0);
      int more = catalog.damaged().size() - 1;
      return CheckItem.failed(
          "backups",
          first.describe() + (more == 0 ? "" : "; " + more + " more entries are damaged") + "; "
              + backups.size() + " backups can be read",
          first.hint());
    }
    if (backups.isEmpty()) {
      return CheckItem.failed("backups", "there is none", "take one with barman:backup.");
    }
    Backup latest = backups.get(backups.size() - 1);
    return CheckItem.ok("backups", backups.size() + ", the latest is " + latest.id());
  }

  /** The newest backup's own WAL must be there, and from it on no segment may be missing in front of one that is there. */
  static CheckItem continuity(List<Backup> backups, WalArchive archive) {
    WalCoverage coverage = archive.coverage();
    if (backups.isEmpty()) {
      return CheckItem.ok(
          "wal",
          coverage.equals(WalCoverage.NONE) ? "there is none" : "there is no backup to continue");
    }
    Backup latest = backups.get(backups.size() - 1);
    TimelineHistory history = archive.historyOf(latest.endTimeline());
    WalPath path = coverage.follow(history, latest.beginLsn(), latest.segmentSize());
    if (path.end().isBefore(latest.endLsn())) {
      return CheckItem.failed(
          "wal",
          "backup " + latest.id() + " needs WAL up to " + latest.endLsn() + ", from its begin at "
              + latest.beginLsn() + " on there is WAL up to " + path.end(),
          "this backup cannot be restored: take a new one now.");
    }
    Optional<WalSegment> gap = path.gap();
    if (gap.isPresent()) {
      return CheckItem.failed(
          "wal",
          "segment " + gap.get().name() + " is missing behind backup " + latest.id(),
          "what lies behind it cannot be recovered: take a new backup now.");
    }
    return CheckItem.ok("wal", "no gap from backup " + latest.id() + " on");
  }

  /** What was never received: a failure while no backup was taken since, and afterwards a hole in what can be recovered. */
  static CheckItem gaps(List<Backup> backups, List<WalGap> gaps) {
    if (gaps.isEmpty()) {
      return CheckItem.ok("gaps", "none is recorded");
    }
    WalGap last = gaps.get(gaps.size() - 1);
    String found = gaps.size() + " recorded, the last one " + last.describe() + ", noticed "
        + last.noticedAt() + ": " + last.reason();
    boolean bridged = backups.stream()
        .anyMatch(backup -> backup.endTimeline().compareTo(last.timeline()) >= 0
            && backup.beginLsn().compareTo(last.to()) >= 0);
    return bridged
        ? CheckItem.warning(
            "gaps",
            found,
            "no moment inside can be recovered; the backups since then do not need it.")
        : CheckItem.failed(
            "gaps", found, "what lies behind it cannot be recovered: take a new backup now.");
  }

  private static CheckItem quarantine(List<String> quarantined) {
    if (quarantined.isEmpty()) {
      return CheckItem.ok("quarantine", "empty");
    }
    return CheckItem.failed(
        "quarantine",
        quarantined.size()
            + " files came that are not what their names say, or differ from what is archived, the first is "
            + quarantined.get(0),
        "does a clone of the server write into this repository? give it a barman.server of its own; delete the files there when it is clear which are right.");
  }

  private static CheckItem receiver(ServerRepository repository) {
    if (repository.isLocked(ServerRepository.RECEIVE)) {
      return CheckItem.ok("receiver", "runs");
    }
    return CheckItem.warning(
        "receiver",
        "none runs: what is committed after the last archived segment is lost with the server",
        "start receive-wal.");
  }
}
