package io.github.barman4j.it.postgres;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One record of the log as one line of text, made both from what the engine reads and from what pg_walinspect or pg_waldump says, so
 * that the two can be compared: position, transaction, kind, and what the kind holds.
 */
final class WalLine {
  /** In the order of their numbers (rmgrlist.h, 15–18). */
  private static final List<String> MANAGERS = List.of(
      "XLOG",
      "Transaction",
      "Storage",
      "CLOG",
      "Database",
      "Tablespace",
      "MultiXact",
      "RelMap",
      "Standby",
      "Heap2",
      "Heap",
      "Btree",
      "Hash",
      "Gin",
      "Gist",
      "Sequence",
      "SPGist",
      "BRIN",
      "CommitTs",
      "ReplicationOrigin",
      "Generic",
      "LogicalMessage");

  private static final String TIME = "(\\d+-\\d+-\\d+ \\d+:\\d+:\\d+(?:\\.\\d+)?)(?: UTC|\\+00)";
  private static final Pattern FINISHED = Pattern.compile("^(?:(\\d+): )?" + TIME);
  private static final Pattern PREPARED = Pattern.compile("^gid (.*): " + TIME);
  private static final Pattern SUBXACTS = Pattern.compile("subxacts:([ 0-9]+)");
  private static final Pattern RECOVERED =
      Pattern.compile("^tli (\\d+); prev tli (\\d+); time " + TIME);
  private static final Pattern CHECKPOINT =
      Pattern.compile("^redo ([0-9A-F/]+); tli (\\d+); prev tli (\\d+);.*(shutdown|online)$");

  private WalLine() {}

  /** What the engine read. */
  static String of(WalRecord record) {
    String place = record.start() + " " + record.end() + " ";
    if (record instanceof WalRecord.Commit end) {
      return place + finished("COMMIT", end);
    } else if (record instanceof WalRecord.Abort end) {
      return place + finished("ABORT", end);
    } else if (record instanceof WalRecord.CommitPrepared end) {
      return place + finished("COMMIT_PREPARED", end);
    } else if (record instanceof WalRecord.AbortPrepared end) {
      return place + finished("ABORT_PREPARED", end);
    } else if (record instanceof WalRecord.Prepare prepare) {
      return place + prepare.xid() + " PREPARE " + prepare.gid() + " " + prepare.time() + " "
          + prepare.subxids();
    } else if (record instanceof WalRecord.RestorePoint point) {
      return place + "0 RESTORE_POINT " + point.name();
    } else if (record instanceof WalRecord.EndOfRecovery recovery) {
      return place + "0 END_OF_RECOVERY " + recovery.timeline() + " " + recovery.previous() + " "
          + recovery.time();
    } else if (record instanceof WalRecord.Checkpoint checkpoint) {
      return place + "0 CHECKPOINT_" + (checkpoint.shutdown() ? "SHUTDOWN " : "ONLINE ")
          + checkpoint.redo() + " " + checkpoint.timeline() + " " + checkpoint.previous();
    } else if (record instanceof WalRecord.SegmentSwitch) {
      return place + "0 SWITCH";
    } else if (record instanceof WalRecord.BackupEnd backup) {
      return place + "0 BACKUP_END " + backup.backupStart();
    }
    WalRecord.Other other = (WalRecord.Other) record;
    return place + other.xid() + " " + MANAGERS.get(other.resourceManager());
  }

  private static String finished(String kind, WalRecord.TransactionEnd end) {
    return end.xid() + " " + kind + " " + end.time() + " " + end.subxids();
  }

  /** What the server says of the records from one position to another; extension pg_walinspect, 15–18. */
  static List<String> inspect(Connection connection, Lsn from, Lsn to) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Statement utc = connection.createStatement()) {
      utc.execute("SET TimeZone = 'UTC'");
    }
    try (PreparedStatement query = connection.prepareStatement(
        "SELECT start_lsn, end_lsn, xid, resource_manager, record_type, description"
            + " FROM pg_get_wal_records_info(?::pg_lsn, ?::pg_lsn)")) {
      query.setString(1, from.toString());
      query.setString(2, to.toString());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          lines.add(rows.getString(1) + " " + rows.getString(2) + " "
              + told(rows.getString(3), rows.getString(4), rows.getString(5), rows.getString(6)));
        }
      }
    }
    return lines;
  }

  /** What the server's tools say of a record, from its transaction on. */
  static String told(String xid, String manager, String type, String description) {
    String kind = manager + "/" + type.replace("+INIT", "");
    return switch (kind) {
      case "Transaction/COMMIT",
          "Transaction/ABORT",
          "Transaction/COMMIT_PREPARED",
          "Transaction/ABORT_PREPARED" -> {
        Matcher parts = match(FINISHED, description);
        String ended = parts.group(1) == null ? xid : parts.group(1);
        yield ended + " " + type + " " + time(parts.group(2)) + " " + subxacts(description);
      }
      case "Transaction/PREPARE" -> {
        Matcher parts = match(PREPARED, description);
        yield xid + " PREPARE " + parts.group(1) + " " + time(parts.group(2)) + " "
            + subxacts(description);
      }
      case "XLOG/RESTORE_POINT", "XLOG/BACKUP_END" -> "0 " + type + " " + description;
      case "XLOG/SWITCH" -> "0 SWITCH";
      case "XLOG/END_OF_RECOVERY" -> {
        Matcher parts = match(RECOVERED, description);
        yield "0 END_OF_RECOVERY " + parts.group(1) + " " + parts.group(2) + " "
            + time(parts.group(3));
      }
      case "XLOG/CHECKPOINT_SHUTDOWN", "XLOG/CHECKPOINT_ONLINE" -> {
        Matcher parts = match(CHECKPOINT, description);
        yield "0 " + type + " " + parts.group(1) + " " + parts.group(2) + " " + parts.group(3);
      }
      default -> xid + " " + manager;
    };
  }

  private static Matcher match(Pattern pattern, String description) {
    Matcher matcher = pattern.matcher(description);
    if (!matcher.find()) {
      throw new IllegalArgumentException("not understood: " + description);
    }
    return matcher;
  }

  private static Instant time(String text) {
    return Instant.parse(text.replace(' ', 'T') + "Z");
  }

  private static String subxacts(String description) {
    Matcher matcher = SUBXACTS.matcher(description);
    return matcher.find() ? "[" + matcher.group(1).trim().replace(" ", ", ") + "]" : "[]";
  }
}
