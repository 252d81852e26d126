package io.github.barman4j.report;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * One interval of {@link Traffic}.
 *
 * @param at its end, from the fault on; negative before it
 * @param commits acknowledged in it
 * @param writtenBytes of WAL up to the last commit acknowledged so far, from the first one on
 * @param receivedBytes of WAL that were durable at the backup host, counted from the same position; empty when there was no receiver to
 *     ask
 */
public record Sample(Duration at, long commits, long writtenBytes, OptionalLong receivedBytes) {}
