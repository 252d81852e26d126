/**
 * The load of a drill and its memory: who was told what, so that a loss can be counted.
 *
 * <p>Writers insert rows and note in a {@link io.github.barman4j.workload.Ledger}, on the client's side and forced to the disk, how each
 * commit ended: acknowledged, failed, or unknown (the connection died between COMMIT and its answer). After a recovery {@link
 * io.github.barman4j.workload.LedgerDiff} compares the ledger with the rows that are there. It is pure: every definition of loss is in it
 * and nowhere else. {@link io.github.barman4j.workload.TableHashes} compares all other tables by content.
 *
 * <p>Imports {@code io.github.barman4j} and {@code postgres}; pgjdbc. A commit is counted as acknowledged only when its answer has
 * arrived without the warning that synchronous replication was given up.
 */
@NullMarked
package io.github.barman4j.workload;

import org.jspecify.annotations.NullMarked;
