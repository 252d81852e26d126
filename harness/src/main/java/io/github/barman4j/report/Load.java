package io.github.barman4j.report;

/**
 * What a drill's servers had to bear.
 *
 * @param writers clients that wrote at once
 * @param databaseBytes that were there before, roughly
 */
public record Load(int writers, long databaseBytes) {}
