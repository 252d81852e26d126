package io.github.barman4j.server;

import java.time.Instant;

/**
 * A file of the server.
 *
 * @param path relative to the data directory, with slashes
 * @param mode permission bits
 * @param modified by the server's clock, in whole seconds
 * @param size bytes
 */
public record SourceFile(String path, int mode, Instant modified, long size) {}
