package io.github.barman4j.health;

import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.repository.ServerIdentity;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.server.ReplicationState;
import io.github.barman4j.server.ServerFacts;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalCoverage;
import java.util.Optional;

/** Asks a server and a repository what is known. Changes nothing; takes no lock. */
public final class StatusQuery {
  private StatusQuery() {}

  /** @param slot the receiver's replication slot, which is also the name that the server lists it by */
  public static LiveStatus ask(PostgresServer server, String slot) {
    ServerFacts facts = server.facts();
    ReplicationState state = server.replication(slot);
    Lsn position = state.position();
    return new LiveStatus(
        facts.version(),
        facts.systemIdentifier(),
        facts.standby(),
        position,
        facts.dataDirectory(),
        state.databaseBytes(),
        slot,
        state.slot().map(found -> slot(found, position)),
        state.streams().stream()
            .map(found -> new LiveStatus.Stream(
                found.state(),
                found.flushed(),
                found.flushed().map(flushed -> behind(position, flushed)),
                found.syncState()))
            .toList(),
        archiver(state.archiver()));
  }

  private static LiveStatus.Slot slot(ReplicationState.Slot slot, Lsn position) {
    return new LiveStatus.Slot(
        slot.active(),
        slot.restartLsn(),
        slot.walStatus().equals("lost")
            ? Optional.empty()
            : slot.restartLsn().map(restart -> behind(position, restart)),
        slot.walStatus());
  }

  private static LiveStatus.Archiver archiver(ReplicationState.Archiver archiver) {
    return new LiveStatus.Archiver(
        archiver.mode(),
        archiver.lastArchived(),
        archiver.lastArchivedAt(),
        archiver.failures(),
        archiver.lastFailed());
  }

  private static long behind(Lsn position, Lsn other) {
    return Math.max(0, position.minus(other));
  }

  public static ArchiveStatus read(
      ServerRepository repository, Catalog catalog, WalArchive archive) {
    WalCoverage coverage = archive.coverage();
    CatalogEntries entries = catalog.entries();
    return new ArchiveStatus(
        new SystemIdentifier(
            repository.identity().map(ServerIdentity::systemIdentifier).orElseThrow()),
        entries.backups(),
        entries.damaged(),
        coverage,
        coverage.gaps(),
        archive.quarantined().size(),
        repository.lockHolder(ServerRepository.RECEIVE),
        repository.lockHolder(ServerRepository.BACKUP));
  }
}
