/**
 * Takes a base backup.
 *
 * <p>The order is the promise:
 *
 * <ol>
 *   <li>the lock {@code backup} of the server is taken, the repository is bound to the server's system identifier;
 *   <li>where no receiver runs, a WAL stream of the backup's own begins, on a temporary slot that reserves WAL from before the
 *       checkpoint; it never reports a flush position, so it never counts as a synchronous standby;
 *   <li>the page source sends every file; blocks that the parent backup has are referred to, the others are stored in packs;
 *   <li>after the server's stop, packs and manifest are made durable;
 *   <li>the WAL from the start to the stop LSN is waited for, until it is in the archive;
 *   <li>the catalog entry is written, last and atomically.
 * </ol>
 *
 * A backup that ends anywhere before the last step leaves nothing that can be listed or chosen.
 *
 * <p>May import storey 0, server, repository, catalog, wal and receive.
 */
@NullMarked
package io.github.barman4j.backup;

import org.jspecify.annotations.NullMarked;
