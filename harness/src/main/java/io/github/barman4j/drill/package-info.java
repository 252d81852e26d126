/**
 * Drills: a scenario breaks a server on purpose, lets the engine recover it and measures what was lost and how long it took.
 *
 * <p>A run, step by step: a {@code Stage} is set up, which is a server to break ({@code Primary}: data, writers and their ledger) and a
 * host that survives ({@code BackupHost}: repository, receiver, engine). The scenario injects its fault. A {@code Recovery} plans,
 * restores, starts the server, reads and writes, and its {@code Measurement} keeps each moment of the monotonic clock. A {@code
 * Validation} compares the ledger with what is there, and tables, pages and indexes with what was. The {@code Judge} compares the
 * figures with the limits.
 *
 * <p>The user's scenarios ({@code OwnScenario}, a class or a {@code FileScenario} read from YAML) see of this a {@code DrillStage} alone:
 * it takes notes before each fault and judges each recovery, so that they cannot pass by themselves.
 *
 * <p>Imports cluster, fault, workload and report, and of the engine its front and its values. Promises: a scenario that does not meet
 * its own conditions is inconclusive, never passed; nothing is left behind, whatever happens; the restored server writes nothing to
 * the repository.
 */
@NullMarked
package io.github.barman4j.drill;

import org.jspecify.annotations.NullMarked;
