/**
 * The archive of write-ahead log: which segments and histories there are, what is in them, and what is missing.
 *
 * <p>Imports {@code io.github.barman4j}, {@code postgres} and {@code repository}.
 *
 * <p>How a segment is archived ({@link io.github.barman4j.wal.WalArchive}):
 *
 * <ol>
 *   <li>its pages are checked: magic, position, system identifier, segment size, size of the file;
 *   <li>its records are read for the index: which transactions end in it and when, restore points, changes of timeline; a record
 *       belongs to the segment in which it ends, so the end of the segment before it is read too;
 *   <li>it is written durably under its name, its index with it in the same object, unless the name is taken;
 *   <li>when it is taken the contents are compared: equal is well, other bytes go to the quarantine and the archiving fails.
 * </ol>
 *
 * <p>Promises: what the archive has under a name never changes; a segment and its index appear together; whether a target of a recovery
 * can be reached is answered from the indexes, before anything is restored.
 */
@NullMarked
package io.github.barman4j.wal;

import org.jspecify.annotations.NullMarked;
