package io.github.barman4j.protocol;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;

/**
 * The answer to {@code IDENTIFY_SYSTEM}.
 *
 * @param timeline the one that the server writes, or on a standby replays, now
 * @param flushed up to where its WAL is durable
 */
public record SystemIdentity(SystemIdentifier systemIdentifier, Timeline timeline, Lsn flushed) {}
