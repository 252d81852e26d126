/**
 * PostgreSQL's streaming replication protocol, as a client of a live server (manual, chapter 55.4, 15–18).
 *
 * <p>pgjdbc connects, negotiates TLS and authenticates; then the socket is ours, because its own API can neither run {@code
 * BASE_BACKUP} nor follow a timeline. It imports {@code io.github.barman4j}, {@code postgres} and pgjdbc.
 *
 * <p>How a connection is made:
 *
 * <ol>
 *   <li>the settings are refused when they hold an option that the engine sets itself, or one that pgjdbc does not know;
 *   <li>each host is tried in turn, with socket factories that hand out what they make ({@link
 *       io.github.barman4j.protocol.CapturingSocketFactory});
 *   <li>the server's version and whether it is a standby are what it reported while it let us in;
 *   <li>messages are read from the captured socket through one reused buffer, each length checked before it is believed.
 * </ol>
 *
 * <p>Promises: no call waits for ever for a silent server; an error of the server keeps its SQLSTATE ({@link
 * io.github.barman4j.protocol.ServerErrorException}); its notices become events; {@code close()} does not hang. A connection,
 * with its streams, is for one thread at a time; only {@code close()} and {@link
 * io.github.barman4j.protocol.WalStream#status} may be called from another.
 */
@NullMarked
package io.github.barman4j.protocol;

import org.jspecify.annotations.NullMarked;
