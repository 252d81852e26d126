package io.github.barman4j.server;

/**
 * How a server lays relations out in files.
 *
 * @param pageBytes 8192 unless it was built otherwise
 * @param segmentPages pages of a whole file of a large relation, 131072 unless it was built otherwise
 */
public record PageLayout(int pageBytes, int segmentPages) {}
