/**
 * Receives write-ahead log from a live server and acknowledges it.
 *
 * <p>Imports {@code io.github.barman4j}, {@code postgres}, {@code protocol} and {@code wal}.
 *
 * <p>How a receiver works ({@link io.github.barman4j.receive.WalReceiver}):
 *
 * <ol>
 *   <li>connect; the server must be the archive's, its timeline's history is stored first;
 *   <li>what an earlier run has left in the spool whole is archived;
 *   <li>begin at the start of a segment: where the slot, the archive and the spool say;
 *   <li>write what comes into {@code <segment>.partial}, a file of the segment's full size; drain the socket, then force once, then
 *       acknowledge at once;
 *   <li>a segment that is full is forced and gets its final name before its last byte is acknowledged; a second thread archives it and
 *       removes it from the spool;
 *   <li>at the end of the timeline the next one's history is stored, and the segment of the fork begins anew on it;
 *   <li>when the connection is lost, begin again with the first step, after a pause that grows.
 * </ol>
 *
 * <p>Promises: a position is acknowledged only when everything before it is on the disk, its directory entry included; a segment leaves
 * the spool only when it is durable in the archive; a spool file is never truncated; bytes that were received are never replaced by
 * others.
 */
@NullMarked
package io.github.barman4j.receive;

import org.jspecify.annotations.NullMarked;
