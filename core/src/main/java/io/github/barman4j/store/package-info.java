/**
 * Dumb objects: where a repository's bytes lie.
 *
 * <p>{@link io.github.barman4j.store.ObjectStore} is the port: named sequences of bytes that appear whole or not at all, are
 * read in ranges, listed and deleted, and leases that one process holds at a time. {@link
 * io.github.barman4j.store.LocalObjectStore} keeps them in a directory. What the bytes mean is not known here. Imports {@code
 * io.github.barman4j} and the JDK only.
 *
 * <p>Promises: when a call that writes has returned, the object is durable; what was not committed is never visible under a
 * key; a failure is a {@link io.github.barman4j.BarmanException} that names the object.
 *
 * <p>Every implementation passes the same tests, {@code ObjectStoreContract}.
 */
@NullMarked
package io.github.barman4j.store;

import org.jspecify.annotations.NullMarked;
