/**
 * PostgreSQL servers to break: a port, {@link io.github.barman4j.cluster.Cluster}, and its side for binaries on this machine,
 * {@link io.github.barman4j.cluster.EmbeddedCluster}, with a {@link io.github.barman4j.cluster.Standby} where a scenario needs one.
 * {@link io.github.barman4j.cluster.Servers} says which kind is drilled, and opens a {@link io.github.barman4j.cluster.Site} for the
 * servers of one run.
 *
 * <p>Imports {@code io.github.barman4j} and {@code postgres}. Promises: a cluster reports figures of a durable server ({@code fsync},
 * {@code synchronous_commit} and {@code full_page_writes} are on, asked of the server itself); nobody but this machine reaches it;
 * {@code close()} leaves no process, no folder and no shared memory, after a kill neither; {@code Site.remains()} asks the machine whether that is so.
 *
 * <p>A start, step by step: the account that PostgreSQL runs as is found ({@code ServerAccount}); binaries from a jar are unpacked
 * once per content ({@code BinariesCache}); {@code initdb}; {@code postgres} runs as a child whose output is read line by line and
 * stamped with the monotonic clock ({@link io.github.barman4j.cluster.ServerLog}); the line that says it is ready ends the wait.
 */
@NullMarked
package io.github.barman4j.cluster;

import org.jspecify.annotations.NullMarked;
