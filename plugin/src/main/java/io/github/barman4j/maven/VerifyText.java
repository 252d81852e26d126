package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.verify.Finding;
import io.github.barman4j.verify.VerifiedBackup;
import io.github.barman4j.verify.VerifiedWal;
import io.github.barman4j.verify.VerifyReport;
import java.util.ArrayList;
import java.util.List;

/** A verification as lines for readers and as JSON for programs. */
final class VerifyText {
  private VerifyText() {}

  static List<String> lines(VerifyReport report) {
    List<String> lines = new ArrayList<>();
    for (VerifiedBackup backup : report.backups()) {
      lines.add("backup " + backup.id() + ": " + (backup.passed() ? "whole" : "DAMAGED") + ", "
          + backup.files() + " files, " + backup.blocks() + " blocks, "
          + Quantity.bytes(backup.bytes()) + ", " + backup.pages() + " pages judged");
    }
    VerifiedWal wal = report.wal();
    lines.add("WAL: " + (wal.passed() ? "whole" : "NOT WHOLE") + ", " + wal.segments() + " segments"
        + wal.first().map(first -> " from " + first).orElse("")
        + wal.last().map(last -> " to " + last).orElse(""));
    for (Finding finding : report.findings()) {
      lines.add("FOUND " + finding);
    }
    lines.add("took " + Quantity.duration(report.took()));
    return lines;
  }

  static ObjectNode json(VerifyReport report) {
    ObjectNode document = Output.document().put("server", report.server());
    document.put("passed", report.passed()).put("tookSeconds", report.took().toNanos() / 1e9);
    ArrayNode backups = document.putArray("backups");
    for (VerifiedBackup backup : report.backups()) {
      backups
          .addObject()
          .put("id", backup.id())
          .put("passed", backup.passed())
          .put("files", backup.files())
          .put("blocks", backup.blocks())
          .put("bytes", backup.bytes())
          .put("pages", backup.pages());
    }
    VerifiedWal wal = report.wal();
    document
        .putObject("wal")
        .put("passed", wal.passed())
        .put("segments", wal.segments())
        .put("first", wal.first().orElse(null))
        .put("last", wal.last().orElse(null));
    findings(report.findings(), document.putArray("findings"));
    return document;
  }

  static void findings(List<Finding> findings, ArrayNode array) {
    for (Finding finding : findings) {
      ObjectNode json = array
          .addObject()
          .put("backup", finding.backup().isEmpty() ? null : finding.backup())
          .put("file", finding.file())
          .put("relation", finding.relation().isEmpty() ? null : finding.relation())
          .put("problem", finding.problem());
      ArrayNode blocks = json.putArray("blocks");
      finding.blocks().forEach(blocks::add);
    }
  }
}
