package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The catalog as lines for readers and as JSON for programs. */
final class BackupText {
  private BackupText() {}

  /** One row for each backup, below a header. */
  static List<String> table(List<Backup> backups) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of(
        "backup", "name", "finished", "took", "size", "stored", "PostgreSQL", "timeline", "end"));
    for (Backup backup : backups) {
      rows.add(List.of(
          backup.id().value(),
          backup.name().orElse("-"),
          backup.finishedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
          Quantity.duration(backup.took()),
          Quantity.bytes(backup.sizes().databaseBytes()),
          Quantity.bytes(backup.sizes().storedBytes()),
          backup.postgres().toString(),
          Integer.toString(backup.endTimeline().id()),
          backup.endLsn().toString()));
    }
    return align(rows);
  }

  /** All that is known of one backup, a fact a line. */
  static List<String> details(Backup backup) {
    Backup.Sizes sizes = backup.sizes();
    List<List<String>> facts = new ArrayList<>();
    facts.add(List.of("backup", backup.id().value()));
    backup.name().ifPresent(name -> facts.add(List.of("name", name)));
    facts.add(List.of(
        "server", "PostgreSQL " + backup.postgres() + ", system " + backup.systemIdentifier()));
    facts.add(List.of(
        "data directory",
        backup.dataDirectory().isEmpty() ? "not visible" : backup.dataDirectory()));
    facts.add(List.of("data checksums", backup.dataChecksums() ? "on" : "off"));
    facts.add(List.of(
        "time",
        backup.startedAt() + " to " + backup.finishedAt() + ", "
            + Quantity.duration(backup.took())));
    facts.add(List.of(
        "WAL",
        backup.beginLsn() + " (timeline " + backup.beginTimeline().id() + ") to " + backup.endLsn()
            + " (timeline "
            + backup.endTimeline().id() + "), segments " + backup.firstSegment().name() + " to "
            + backup.lastSegment().name()));
    facts.add(
        List.of("size", Quantity.bytes(sizes.databaseBytes()) + " in " + sizes.files() + " files"));
    facts.add(List.of(
        "stored",
        String.format(
            Locale.ROOT,
            "%s for %s of new blocks, %s were there already; %.1f %% saved",
            Quantity.bytes(sizes.storedBytes()),
            Quantity.bytes(sizes.newBytes()),
            Quantity.bytes(sizes.reusedBytes()),
            sizes.savedFraction() * 100)));
    facts.add(List.of("method", backup.method() + ", compression " + backup.compression()));
    facts.add(List.of("compared with", backup.parent().map(BackupId::value).orElse("nothing")));
    for (Backup.Tablespace tablespace : backup.tablespaces()) {
      facts.add(List.of("tablespace", tablespace.name() + " at " + tablespace.location()));
    }
    if (!backup.configurationFiles().isEmpty()) {
      facts.add(List.of("configuration", String.join(", ", backup.configurationFiles())));
    }
    facts.add(List.of("manifest", backup.manifestHash().hex()));
    return align(facts);
  }

  static ObjectNode json(Backup backup, ObjectNode json) {
    json.put("id", backup.id().value());
    json.put("name", backup.name().orElse(null));
    json.put("systemIdentifier", backup.systemIdentifier().toString());
    json.put("postgres", backup.postgres().toString());
    json.put("startedAt", backup.startedAt().toString());
    json.put("finishedAt", backup.finishedAt().toString());
    json.put("tookSeconds", backup.took().toNanos() / 1e9);
    json.put("beginLsn", backup.beginLsn().toString());
    json.put("endLsn", backup.endLsn().toString());
    json.put("beginTimeline", backup.beginTimeline().id());
    json.put("endTimeline", backup.endTimeline().id());
    json.put("firstWalSegment", backup.firstSegment().name());
    json.put("lastWalSegment", backup.lastSegment().name());
    json.put("walSegmentBytes", backup.segmentSize().bytes());
    json.put("method", backup.method());
    json.put("compression", backup.compression());
    json.put("parent", backup.parent().map(BackupId::value).orElse(null));
    json.putObject("sizes")
        .put("databaseBytes", backup.sizes().databaseBytes())
        .put("files", backup.sizes().files())
        .put("newBytes", backup.sizes().newBytes())
        .put("storedBytes", backup.sizes().storedBytes())
        .put("reusedBytes", backup.sizes().reusedBytes());
    ArrayNode tablespaces = json.putArray("tablespaces");
    for (Backup.Tablespace tablespace : backup.tablespaces()) {
      tablespaces
          .addObject()
          .put("oid", tablespace.oid())
          .put("name", tablespace.name())
          .put("location", tablespace.location());
    }
    json.put("dataChecksums", backup.dataChecksums());
    json.put("dataDirectory", backup.dataDirectory().isEmpty() ? null : backup.dataDirectory());
    ArrayNode files = json.putArray("configurationFiles");
    backup.configurationFiles().forEach(files::add);
    json.put("manifestHash", backup.manifestHash().hex());
    return json;
  }

  /** Columns to the left, two blanks apart. */
  static List<String> align(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
