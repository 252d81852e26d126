/**
 * Packs, block maps, manifests, sealed objects and locks: what the objects of a store mean.
 *
 * <p>{@link io.github.barman4j.repository.Repository} is the whole, {@link io.github.barman4j.repository.ServerRepository} the part of
 * one server. {@link io.github.barman4j.repository.BackupWriter} stores the files of one backup, {@link
 * io.github.barman4j.repository.BackupReader} reads them back. {@link io.github.barman4j.repository.SealedObjects} holds WAL and other
 * things of one piece, {@link io.github.barman4j.repository.SealedDocuments} JSON that people can read. The format is written down, byte by
 * byte, in the site's page "Repository format"; words are used here as defined there. Imports {@code io.github.barman4j}, {@code store},
 * {@code codec} and Jackson.
 *
 * <p>How a backup is written:
 *
 * <ol>
 *   <li>The caller's thread cuts each file into blocks and gathers up to a frame of them in a {@code Batch}, with the parent's block entry
 *       of the same place beside each.
 *   <li>Threads of the task group hash the blocks of a batch, find out which are zero, which the parent has and which this backup has
 *       stored already, and compress the rest as a frame.
 *   <li>The caller's thread takes the batches back in order, appends the frames to a pack, and enters hash and address of each block into the
 *       map page of its file. When few blocks of a batch are left they wait, and are compressed together with the next ones.
 *   <li>Full map pages that differ from the parent's are stored like blocks; what remains of a file is one manifest entry.
 *   <li>A pack that is full becomes durable on a thread of its own while the next one is filled.
 *   <li>The manifest is written when all packs are durable.
 * </ol>
 *
 * <p>With a passphrase ({@link io.github.barman4j.repository.KeyRing}) every object but {@code repository.json} lies in an encrypted envelope; the
 * formats inside are the same. What must be kept outside of the store is sealed by a {@link io.github.barman4j.repository.RecordSeal}.
 *
 * <p>Promises: nothing of an unfinished backup is visible to readers; what a killed process left is removed by the next backup, under the
 * lock; every byte that is read is verified first, and what does not fit is an {@link io.github.barman4j.IntegrityException} that names the
 * object; memory does not grow with the size of the database.
 */
@NullMarked
package io.github.barman4j.repository;

import org.jspecify.annotations.NullMarked;
