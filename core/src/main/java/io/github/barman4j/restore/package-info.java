/**
 * Brings a data directory back to a target: decides first, then acts.
 *
 * <p>Imports {@code io.github.barman4j}, {@code postgres}, {@code repository}, {@code catalog} and {@code wal}; never what needs a live
 * server: on the day it matters there is none.
 *
 * <p>The steps:
 *
 * <ol>
 *   <li>{@link io.github.barman4j.restore.RestorePlanner} gathers backups, archived WAL and the receiver's spool, and {@link
 *       io.github.barman4j.restore.RestorePlan} decides, purely: the line of history, the backup, every segment of WAL up to the record at
 *       which recovery stops. A target that cannot be reached is refused here, with the nearest one that can.
 *   <li>{@link io.github.barman4j.restore.Restorer} checks the directory, the tablespaces, the owner, the versions and the space, and
 *       refuses before it has written anything.
 *   <li>It marks the directory as unfinished and takes its pg_control away. What lies there and is not in the backup is swept.
 *   <li>Files are written in parallel, each block verified; a file that is there is compared by the hashes of its blocks, and only what
 *       differs is written. Meanwhile the WAL is brought into {@code barman_wal} beside them.
 *   <li>It writes the configuration: files that lay outside of the data directory, and in postgresql.auto.conf what recovery needs and
 *       what keeps the restored server from production.
 *   <li>Everything is forced to the disk; pg_control, which has had another name until then, gets its own, and the mark goes.
 *   <li>When a backup turns out to be damaged, another plan is made without it, and carried out over what was written; a restore that was
 *       killed is carried out again in the same way (ADR 10).
 * </ol>
 *
 * <p>Promises: PostgreSQL does not start on an unfinished restore; nothing is written outside of the directory and the tablespaces'
 * locations; recovery is given exactly the plan's WAL, each segment at full size, and never takes one that is late for the end of the
 * log; a backup that the user named is never replaced by another; no message holds a value of the configuration.
 */
@NullMarked
package io.github.barman4j.restore;

import org.jspecify.annotations.NullMarked;
