/**
 * The live server: what it is, whether it can be backed up, how it is configured, and how its files are read.
 *
 * <p>Imports {@code io.github.barman4j}, {@code postgres}, {@code protocol}, {@code codec} and pgjdbc. Its own signatures hold values of
 * {@code postgres} and of this package, so that a backup need not know the protocol.
 *
 * <p>{@link io.github.barman4j.server.PageSource} is the port that every way of reading implements. {@link
 * io.github.barman4j.server.StreamPageSource} is the way over the replication protocol:
 *
 * <ol>
 *   <li>BASE_BACKUP is asked for, with a compression that the server has; where begin and tablespaces are comes before the first byte;
 *   <li>each archive is decompressed and cut into members; a name, link or size that no server sends ends the backup;
 *   <li>the data directory's members keep their names, a tablespace's go under {@code pg_tblspc/<oid>};
 *   <li>the server's manifest comes last, as a file {@code backup_manifest};
 *   <li>then the end is known.
 * </ol>
 *
 * <p>Promises: what a visitor is given stays inside the data directory, whatever the server sends; nothing grows with the database;
 * every precondition that is not met says what to do about it.
 */
@NullMarked
package io.github.barman4j.server;

import org.jspecify.annotations.NullMarked;
