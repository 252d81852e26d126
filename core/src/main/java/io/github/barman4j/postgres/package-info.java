/**
 * What PostgreSQL is, as values and parsers: positions in the write-ahead log, timelines, segments, the records inside them, the
 * control file, the backup label, and the pages of relations ({@link io.github.barman4j.postgres.Page}).
 *
 * <p>Pure: nothing here opens a file, a socket or a database, and nothing waits. It imports {@code io.github.barman4j} and the JDK
 * only. Every layout is that of a server on a little-endian machine, taken from the PostgreSQL header that the class names.
 *
 * <p>How write-ahead log is read ({@link io.github.barman4j.postgres.WalReader}):
 *
 * <ol>
 *   <li>a page's header is checked against the position that it must have: magic, flags, address, timeline, and on a segment's
 *       first page also system identifier and sizes;
 *   <li>a record's header is read at the next 8-byte boundary: length, link to the record before, resource manager;
 *   <li>its body is followed over pages and segments, each continuation announced by its page's header with the length that remains;
 *   <li>the CRC-32C over body and header is compared; only then is the record known, decoded and given out;
 *   <li>at the first thing that does not fit reading stops, and says where the last whole record ended and what did not fit.
 * </ol>
 *
 * <p>Promises: values are immutable and safe for any thread; parsers are strict, and whatever the bytes say they end in a value, in
 * a stated stop, or in a {@link io.github.barman4j.BarmanException}; never in another exception or in memory that grows with the
 * input.
 */
@NullMarked
package io.github.barman4j.postgres;

import org.jspecify.annotations.NullMarked;
