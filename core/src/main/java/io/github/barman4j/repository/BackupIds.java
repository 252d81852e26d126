package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.regex.Pattern;

/** The rule for backup ids, which become parts of keys. */
final class BackupIds {
  private static final Pattern BACKUP_ID = Pattern.compile("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}");

  private BackupIds() {}

  /** @throws BarmanException (INVALID_VALUE) for any other form */
  static String check(String backupId) {
    if (!BACKUP_ID.matcher(backupId).matches()) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + backupId + "' is no backup id",
          "a backup id looks like 20261123T060102Z-1a2b");
    }
    return backupId;
  }
}
