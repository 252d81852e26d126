package io.github.barman4j.server;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;

/**
 * A segment that was ended before it was full.
 *
 * @param restorePoint the name of the restore point, which lies in this segment or in one before it
 * @param restorePointEnd after its record: where a recovery to it stops
 * @param segment the last one that is complete
 */
public record SwitchedWal(String restorePoint, Lsn restorePointEnd, WalSegment segment) {}
