/**
 * What may go, and how it goes.
 *
 * <p>{@link io.github.barman4j.retention.DeletionPlan} is decided from the catalog and the archive's coverage alone, without touching
 * anything, and gives its reasons; {@link io.github.barman4j.retention.BackupDeletion} decides and carries out, under the lock of backups:
 *
 * <ol>
 *   <li>What interrupted deletions have left is removed.
 *   <li>Whoever reads the backup now is looked for; a reader refuses the deletion.
 *   <li>A note of what is to go becomes durable.
 *   <li>The catalog entry is deleted, durably. From here on the backup does not exist, whatever happens next.
 *   <li>Its marks and its manifest go, then the packs that no other entry lists, then the WAL that no other backup needs, then the note.
 * </ol>
 *
 * <p>Promises: nothing that a remaining backup refers to is deleted; backups that share blocks can be deleted in any order; a deletion that is
 * interrupted leaves a backup that is there as a whole or not at all. Imports {@code io.github.barman4j}, postgres, repository, catalog and wal.
 */
@NullMarked
package io.github.barman4j.retention;

import org.jspecify.annotations.NullMarked;
