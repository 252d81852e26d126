package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.BarmanException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.DamagedEntry;
import io.github.barman4j.health.ArchiveStatus;
import io.github.barman4j.health.LiveStatus;
import io.github.barman4j.health.StatusReport;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.WalCoverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A status as lines for readers and as JSON for programs. */
final class StatusText {
  private StatusText() {}

  static List<String> lines(StatusReport report) {
    List<List<String>> facts = new ArrayList<>();
    facts.add(List.of("server", report.server()));
    report.live().ifPresent(live -> live(live, facts));
    report.liveProblem().ifPresent(problem -> problem("server", problem, facts));
    report.archive().ifPresent(archive -> archive(archive, facts));
    report.archiveProblem().ifPresent(problem -> problem("archive", problem, facts));
    if (!report.sameSystem()) {
      facts.add(List.of("WARNING", "the server is not the one that the archive is of"));
    }
    report
        .archiveLagBytes()
        .ifPresent(bytes -> facts.add(List.of("not archived yet", Quantity.bytes(bytes))));
    return BackupText.align(facts);
  }

  private static void problem(String what, BarmanException problem, List<List<String>> facts) {
    facts.add(
        List.of(what, "cannot be looked at: " + problem.code().code() + ": " + problem.problem()));
    facts.add(List.of("", "HINT: " + problem.hint()));
  }

  private static void live(LiveStatus live, List<List<String>> facts) {
    facts.add(List.of(
        "PostgreSQL",
        live.postgres() + (live.standby() ? ", a standby" : ", a primary") + ", system "
            + live.systemIdentifier()));
    facts.add(List.of("data directory", live.dataDirectory().orElse("not visible")));
    facts.add(List.of("databases", Quantity.bytes(live.databaseBytes())));
    facts.add(List.of("position", live.position().toString()));
    LiveStatus.Archiver archiver = live.archiver();
    facts.add(List.of(
        "archive_mode",
        archiver.mode()
            + archiver.lastArchived().map(name -> ", the last was " + name).orElse("")
            + (archiver.failures() == 0
                ? ""
                : ", " + archiver.failures() + " failures"
                    + archiver
                        .lastFailed()
                        .map(name -> ", the last with " + name)
                        .orElse(""))));
    facts.add(List.of(
        "slot '" + live.slotName() + "'", live.slot().map(StatusText::slot).orElse("none")));
    for (LiveStatus.Stream stream : live.streams()) {
      facts.add(List.of(
          "stream",
          stream.state() + ", " + stream.syncState()
              + stream
                  .lagBytes()
                  .map(bytes -> ", " + Quantity.bytes(bytes) + " behind")
                  .orElse("")));
    }
  }

  private static String slot(LiveStatus.Slot slot) {
    return (slot.active() ? "in use" : "not in use")
        + (slot.walStatus().isEmpty() ? "" : ", WAL " + slot.walStatus())
        + slot.keptBytes().map(bytes -> ", " + Quantity.bytes(bytes) + " kept").orElse("");
  }

  private static void archive(ArchiveStatus archive, List<List<String>> facts) {
    List<Backup> backups = archive.backups();
    facts.add(List.of("backups", Integer.toString(backups.size())));
    if (!backups.isEmpty()) {
      facts.add(List.of("oldest backup", backup(backups.get(0))));
      facts.add(List.of("latest backup", backup(backups.get(backups.size() - 1))));
    }
    for (DamagedEntry entry : archive.damaged()) {
      facts.add(List.of("WARNING", entry.describe()));
    }
    facts.add(List.of(
        "archived",
        archive.segments() + " segments"
            + archive.latest().map(last -> ", the last is " + last).orElse("")));
    for (WalCoverage.Range gap : archive.gaps()) {
      facts.add(List.of("gap", gap + ", " + gap.count() + " segments are missing"));
    }
    if (archive.quarantined() > 0) {
      facts.add(List.of("quarantine", archive.quarantined() + " objects"));
    }
    facts.add(List.of("receiver", archive.receiver().orElse("none runs")));
    archive.backupRunning().ifPresent(holder -> facts.add(List.of("a backup runs", holder)));
  }

  private static String backup(Backup backup) {
    return backup.id() + backup.name().map(name -> " '" + name + "'").orElse("") + ", finished "
        + backup.finishedAt() + ", " + Quantity.bytes(backup.sizes().databaseBytes());
  }

  static ObjectNode json(StatusReport report) {
    ObjectNode document = Output.document();
    document.put("server", report.server()).put("sameSystem", report.sameSystem());
    document.put("notArchivedBytes", report.archiveLagBytes().orElse(null));
    report
        .live()
        .ifPresentOrElse(
            live -> json(live, document.putObject("live")), () -> document.putNull("live"));
    report.liveProblem().ifPresent(e -> Output.problem(document.putObject("liveProblem"), e));
    report
        .archive()
        .ifPresentOrElse(
            archive -> json(archive, document.putObject("archive")),
            () -> document.putNull("archive"));
    report.archiveProblem().ifPresent(e -> Output.problem(document.putObject("archiveProblem"), e));
    return document;
  }

  private static void json(LiveStatus live, ObjectNode json) {
    json.put("postgres", live.postgres().toString())
        .put("systemIdentifier", live.systemIdentifier().toString())
        .put("standby", live.standby())
        .put("position", live.position().toString())
        .put("dataDirectory", live.dataDirectory().orElse(null))
        .put("databaseBytes", live.databaseBytes());
    LiveStatus.Slot slot = live.slot().orElse(null);
    if (slot == null) {
      json.putNull("slot");
    } else {
      json.putObject("slot")
          .put("name", live.slotName())
          .put("active", slot.active())
          .put("restartLsn", text(slot.restart()))
          .put("keptBytes", slot.keptBytes().orElse(null))
          .put("walStatus", slot.walStatus().isEmpty() ? null : slot.walStatus());
    }
    ArrayNode streams = json.putArray("streams");
    for (LiveStatus.Stream stream : live.streams()) {
      streams
          .addObject()
          .put("state", stream.state())
          .put("syncState", stream.syncState())
          .put("flushedLsn", text(stream.flushed()))
          .put("lagBytes", stream.lagBytes().orElse(null));
    }
    LiveStatus.Archiver archiver = live.archiver();
    json.putObject("archiver")
        .put("mode", archiver.mode())
        .put("lastArchived", archiver.lastArchived().orElse(null))
        .put("lastArchivedAt", archiver.lastArchivedAt().map(Object::toString).orElse(null))
        .put("failures", archiver.failures())
        .put("lastFailed", archiver.lastFailed().orElse(null));
  }

  private static void json(ArchiveStatus archive, ObjectNode json) {
    List<Backup> backups = archive.backups();
    json.put("systemIdentifier", archive.systemIdentifier().toString())
        .put("backups", backups.size())
        .put("oldestBackup", backups.isEmpty() ? null : backups.get(0).id().value())
        .put(
            "latestBackup",
            backups.isEmpty() ? null : backups.get(backups.size() - 1).id().value())
        .put("segments", archive.segments())
        .put("lastSegment", archive.latest().map(WalSegment::name).orElse(null))
        .put("quarantined", archive.quarantined())
        .put("receiver", archive.receiver().orElse(null))
        .put("backupRunning", archive.backupRunning().orElse(null));
    DamagedEntryText.json(archive.damaged(), json.putArray("damaged"));
    ArrayNode gaps = json.putArray("gaps");
    for (WalCoverage.Range gap : archive.gaps()) {
      gaps.addObject()
          .put("first", gap.first().name())
          .put("last", gap.last().name())
          .put("segments", gap.count());
    }
  }

  private static @Nullable String text(Optional<Lsn> lsn) {
    return lsn.map(Lsn::toString).orElse(null);
  }
}
