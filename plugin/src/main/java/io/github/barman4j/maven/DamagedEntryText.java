package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.barman4j.catalog.DamagedEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Catalog entries that cannot be read, as lines for readers and as JSON for programs. */
final class DamagedEntryText {
  private DamagedEntryText() {}

  static List<String> lines(List<DamagedEntry> damaged) {
    List<String> lines = new ArrayList<>();
    for (DamagedEntry entry : damaged) {
      lines.add(entry.id() + "  DAMAGED, "
          + entry.startedAt().map(start -> "begun at " + start + ", ").orElse("")
          + entry.code().code() + ": " + entry.problem());
      lines.add("        HINT: " + entry.hint());
    }
    return lines;
  }

  static void json(List<DamagedEntry> damaged, ArrayNode array) {
    for (DamagedEntry entry : damaged) {
      array
          .addObject()
          .put("id", entry.id().value())
          .put("startedAt", entry.startedAt().map(Instant::toString).orElse(null))
          .put("code", entry.code().code())
          .put("problem", entry.problem())
          .put("hint", entry.hint());
    }
  }
}
