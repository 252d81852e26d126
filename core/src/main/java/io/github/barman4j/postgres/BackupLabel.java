package io.github.barman4j.postgres;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code backup_label} of a base backup: where a recovery from it begins (xlogbackup.c, build_backup_content, 16–18; xlog.c,
 * 15).
 *
 * @param start redo position that the recovery begins at
 * @param startFile name of the segment that holds it, as the server wrote it
 * @param checkpoint position of the checkpoint's record
 * @param method "streamed", for both a base backup and pg_backup_start
 * @param from "primary" or "standby"
 * @param startTime in the server's zone and notation, "2026-11-23 06:10:11 UTC"
 * @param label what whoever took the backup called it
 * @param timeline that of the start
 * @param incrementalFrom start of the backup that an incremental one of PostgreSQL's own refers to; such a backup is no restorable
 *     whole
 */
public record BackupLabel(
    Lsn start,
    String startFile,
    Lsn checkpoint,
    String method,
    String from,
    String startTime,
    String label,
    Timeline timeline,
    Optional<Lsn> incrementalFrom) {
  /** Its name in a data directory. */
  public static final String FILE_NAME = "backup_label";

  private static final String FILE = " (file ";

  /**
   * Reads the file's text.
   *
   * @throws io.github.barman4j.BarmanException (BACKUP_LABEL_INVALID) if a line is missing, stands there twice or has no value
   */
  public static BackupLabel parse(String text) {
    try {
      return read(lines(text));
    } catch (BarmanException e) {
      throw e.code() == ErrorCode.BACKUP_LABEL_INVALID
          ? e
          : Malformed.backupLabel("cannot be read: " + e.problem(), e);
    }
  }

  private static Map<String, String> lines(String text) {
    Map<String, String> lines = new HashMap<>();
    text.lines().forEach(line -> {
      int colon = line.indexOf(": ");
      if (colon > 0
          && lines.putIfAbsent(line.substring(0, colon), line.substring(colon + 2)) != null) {
        throw Malformed.backupLabel("has the line '" + line.substring(0, colon) + "' twice", null);
      }
    });
    return lines;
  }

  private static BackupLabel read(Map<String, String> lines) {
    String location = value(lines, "START WAL LOCATION");
    int open = location.indexOf(FILE);
    if (open < 0 || !location.endsWith(")")) {
      throw Malformed.backupLabel("has the start '" + location + "' without a file", null);
    }
    String incremental = lines.get("INCREMENTAL FROM LSN");
    return new BackupLabel(
        Lsn.parse(location.substring(0, open)),
        location.substring(open + FILE.length(), location.length() - 1),
        Lsn.parse(value(lines, "CHECKPOINT LOCATION")),
        value(lines, "BACKUP METHOD"),
        value(lines, "BACKUP FROM"),
        value(lines, "START TIME"),
        value(lines, "LABEL"),
        timeline(value(lines, "START TIMELINE")),
        incremental == null ? Optional.empty() : Optional.of(Lsn.parse(incremental)));
  }

  private static Timeline timeline(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw Malformed.backupLabel("has the timeline '" + text + "'", null);
    }
    return new Timeline(Integer.parseInt(text));
  }

  private static String value(Map<String, String> lines, String name) {
    @Nullable String value = lines.get(name);
    if (value == null) {
      throw Malformed.backupLabel("has no line '" + name + "'", null);
    }
    return value;
  }
}
