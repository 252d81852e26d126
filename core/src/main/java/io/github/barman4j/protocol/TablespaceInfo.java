package io.github.barman4j.protocol;

/**
 * A tablespace of a base backup, as the server announces it.
 *
 * @param oid unsigned
 * @param location the directory on the server; of a tablespace inside the data directory it is relative
 * @param sizeKiB about how much will be sent, in units of 1024 bytes; -1 when it was not asked for
 */
public record TablespaceInfo(long oid, String location, long sizeKiB) {}
