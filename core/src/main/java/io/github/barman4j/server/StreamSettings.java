package io.github.barman4j.server;

/**
 * How a {@link StreamPageSource} asks for its base backup.
 *
 * @param label what backup_label names it
 * @param fastCheckpoint false lets the server spread its checkpoint, over minutes
 * @param maxRateKiB KiB a second, 32 to 1048576; 0 for no limit
 */
public record StreamSettings(
    String label, boolean fastCheckpoint, WireCompression compression, int maxRateKiB) {}
