/** Faults where they are made: a real Toxiproxy between a client and a server of the test's own. */
@NullMarked
package io.github.barman4j.it.fault;

import org.jspecify.annotations.NullMarked;
