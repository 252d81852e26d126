package io.github.barman4j.postgres;

import java.util.Arrays;
import java.util.Optional;

/**
 * What differs between the majors in the write-ahead log, as far as this package reads it. A new major is one more line here, once
 * its xlog_internal.h, xact.h and pg_control.h have been compared; 19 was at its release candidate 1.
 */
enum WalFormat {
  V15(15, 0xD110, 12, 8, 15, CheckpointLayout.UP_TO_18),
  V16(16, 0xD113, 12, 8, 15, CheckpointLayout.UP_TO_18),
  V17(17, 0xD116, 12, 8, 15, CheckpointLayout.UP_TO_18),
  V18(18, 0xD118, 16, 8, 15, CheckpointLayout.UP_TO_18),
  V19(19, 0xD122, 16, 4, 7, CheckpointLayout.SINCE_19);

  /** PostgreSQL's major version. */
  final int major;

  /** What each page begins with (xlog_internal.h, XLOG_PAGE_MAGIC). */
  final int magic;

  /** Size of an entry of the dropped statistics in commit and abort records, in bytes (xact.h, xl_xact_stats_item). */
  final int droppedStatisticBytes;

  /** The page flag behind {@link WalPageHeader#overwritesRecord()} (xlog_internal.h, XLP_FIRST_IS_OVERWRITE_CONTRECORD). */
  final int overwritesRecord;

  /** All page flags that there are (XLP_ALL_FLAGS). */
  final int pageFlags;

  final CheckpointLayout checkpoint;

  WalFormat(
      int major,
      int magic,
      int droppedStatisticBytes,
      int overwritesRecord,
      int pageFlags,
      CheckpointLayout checkpoint) {
    this.major = major;
    this.magic = magic;
    this.droppedStatisticBytes = droppedStatisticBytes;
    this.overwritesRecord = overwritesRecord;
    this.pageFlags = pageFlags;
    this.checkpoint = checkpoint;
  }

  static Optional<WalFormat> ofMagic(int magic) {
    return Arrays.stream(values()).filter(format -> format.magic == magic).findFirst();
  }
}
