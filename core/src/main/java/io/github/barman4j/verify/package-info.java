/**
 * Proves that what is stored is whole, and heals what is not.
 *
 * <p>{@link io.github.barman4j.verify.Verifier} reads everything that a restore could need:
 *
 * <ol>
 *   <li>the catalog entry and the marks of each backup, its manifest with every page, header and frame table of each pack;
 *   <li>every block of every file, through the block maps; a block that several of the backups share is read once;
 *   <li>the pages of relations in these blocks: a page that does not pass, and that the log from the backup's begin to its end does not make
 *       anew, was bad when it was stored;
 *   <li>pg_control;
 *   <li>every segment of the log from the oldest of the backups on, over all timelines that lead on from it: the bytes, the records one
 *       after the other, and that none is missing; the histories;
 *   <li>where blocks are damaged, all other backups that refer to them.
 * </ol>
 *
 * <p>{@link io.github.barman4j.verify.Healer} brings damaged blocks back from other backups and, through {@link
 * io.github.barman4j.verify.LiveFiles}, from the server; only bytes with the hash that the backup has are taken.
 *
 * <p>Promises: what was found is told with backup, file and page and nothing of it ends the work; memory does not grow with the database;
 * nothing is asked of a server, and nothing here can reach one. May import storey 0, repository, catalog and wal.
 */
@NullMarked
package io.github.barman4j.verify;

import org.jspecify.annotations.NullMarked;
