package io.github.barman4j.postgres;

/**
 * A page that a record of the log concerns (xlogrecord.h, XLogRecordBlockHeader, 15–18).
 *
 * @param fork number as in {@link RelationFile.Fork#ordinal}
 * @param block number in the fork
 * @param rewrites whether replay makes the page anew, from an image or from nothing, and never looks at what it was
 */
public record BlockReference(
    long tablespace, long database, long relation, int fork, long block, boolean rewrites) {}
