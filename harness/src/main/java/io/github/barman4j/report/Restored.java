package io.github.barman4j.report;

/**
 * What was restored from what.
 *
 * @param bytes of the data directory
 * @param bytesPerSecond at which the data directory was written, WAL not counted
 * @param walSegments that PostgreSQL could ask for
 * @param timeline that the restored server writes to
 */
public record Restored(
    String backupId, long bytes, long files, long bytesPerSecond, long walSegments, int timeline) {}
