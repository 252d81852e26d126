package io.github.barman4j.server;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;

/**
 * Where a base backup ends.
 *
 * @param lsn WAL is needed up to here, exclusively; a restore to an earlier position is not consistent
 */
public record BackupStop(Lsn lsn, Timeline timeline) {}
