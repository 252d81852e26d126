package io.github.barman4j.engine;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;

/**
 * What a switch has done.
 *
 * @param restorePoint its name, a target for a recovery
 * @param restorePointEnd where a recovery to it stops
 * @param segment the last one that is complete now
 * @param archived whether it was waited for and is in the archive
 */
public record SwitchWalReport(
    String restorePoint, Lsn restorePointEnd, WalSegment segment, boolean archived) {}
