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
 *   <li>{@link io.github.barman4j.restore.Restorer} checks the directory, the tablespaces, the owner and the space, and refuses before it
 *       has written anything.
 *   <li>It marks the directory as unfinished, writes the files in parallel and verifies each block, while the WAL is brought into {@code
 *       barman_wal} beside them.
 *   <li>It writes the configuration: files that lay outside of the data directory, and in postgresql.auto.conf what recovery needs and
 *       what keeps the restored server from production.
 *   <li>Everything is forced to the disk; pg_control, which has had another name until then, gets its own, and the mark goes.
 * </ol>
 *
 * <p>Promises: PostgreSQL does not start on an unfinished restore; nothing is written outside of the directory and the tablespaces'
 * locations; recovery is given exactly the plan's WAL, each segment at full size, and never takes one that is late for the end of the
 * log; no message holds a value of the configuration.
 */
@NullMarked
package io.github.barman4j.restore;

import org.jspecify.annotations.NullMarked;
