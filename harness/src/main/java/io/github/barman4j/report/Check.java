package io.github.barman4j.report;

/**
 * One thing that was looked at after the recovery.
 *
 * @param detail what was found
 */
public record Check(String name, boolean passed, String detail) {}
