package io.github.barman4j.postgres;

import java.util.Arrays;
import java.util.Optional;

/**
 * What differs between the majors in the write-ahead log, as far as this package reads it. A new major is one more line here, once
 * its xlog_internal.h, xact.h and pg_control.h have been compared. (PostgreSQL's development branch gives the page flag behind {@link
 * WalPageHeader#overwritesRecord()} another bit, which will then have to move here.)
 */
enum WalFormat {
  V15(15, 0xD110, 12),
  V16(16, 0xD113, 12),
  V17(17, 0xD116, 12),
  V18(18, 0xD118, 16);

  /** PostgreSQL's major version. */
  final int major;

  /** What each page begins with (xlog_internal.h, XLOG_PAGE_MAGIC). */
  final int magic;

  /** Size of an entry of the dropped statistics in commit and abort records, in bytes (xact.h, xl_xact_stats_item). */
  final int droppedStatisticBytes;

  WalFormat(int major, int magic, int droppedStatisticBytes) {
    this.major = major;
    this.magic = magic;
    this.droppedStatisticBytes = droppedStatisticBytes;
  }

  static Optional<WalFormat> ofMagic(int magic) {
    return Arrays.stream(values()).filter(format -> format.magic == magic).findFirst();
  }
}
