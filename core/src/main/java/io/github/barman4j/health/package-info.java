/**
 * Says whether the next backup and the next recovery would work: item by item, each with what was found and what to do.
 *
 * <p>An item that fails means that a backup would fail or that a recovery would lose more than it must. A warning is worth a
 * look and fails nothing. Nothing is changed by looking.
 *
 * <p>May import storey 0, server, repository, catalog and wal.
 */
@NullMarked
package io.github.barman4j.health;

import org.jspecify.annotations.NullMarked;
