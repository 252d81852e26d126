package io.github.barman4j.report;

import java.time.Duration;

/** A named stretch of time. */
public record Phase(String name, Duration took) {}
