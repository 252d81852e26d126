package io.github.barman4j.protocol;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.util.Optional;

/**
 * A physical replication slot.
 *
 * @param restartLsn from where the server keeps WAL for it; empty when the slot has never been used and reserves nothing, and when
 *     it was invalidated
 * @param restartTimeline the timeline of that position
 */
public record ReplicationSlot(
    String name, Optional<Lsn> restartLsn, Optional<Timeline> restartTimeline) {}
