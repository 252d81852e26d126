package io.github.barman4j.postgres;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The exceptions that texts and bytes of this package's formats are refused with. */
final class Malformed {
  private Malformed() {}

  static BarmanException value(String problem, String hint) {
    return new BarmanException(ErrorCode.INVALID_VALUE, problem, hint);
  }

  static BarmanException history(
      Timeline timeline, String problem, @Nullable BarmanException cause) {
    return new BarmanException(
        ErrorCode.TIMELINE_HISTORY_INVALID,
        "in the history of timeline " + timeline + " " + problem,
        "get " + timeline.hex() + ".history from the server's pg_wal again.",
        cause);
  }

  static BarmanException wal(String problem) {
    return new BarmanException(
        ErrorCode.WAL_INVALID,
        problem,
        "compare the file with the server's own copy in pg_wal, and check the storage that it lay on.");
  }

  static BarmanException controlFile(String problem, String hint) {
    return new BarmanException(ErrorCode.CONTROL_FILE_INVALID, problem, hint);
  }

  static BarmanException backupLabel(String problem, @Nullable BarmanException cause) {
    return new BarmanException(
        ErrorCode.BACKUP_LABEL_INVALID,
        "backup_label " + problem,
        "take the text from pg_backup_stop or the base backup as it is, unedited.",
        cause);
  }
}
