package io.github.barman4j.report;

/**
 * One more figure of a scenario.
 *
 * @param name as in drill.json, for instance {@code acknowledgedAfterBackup}
 */
public record Figure(String name, long value) {}
