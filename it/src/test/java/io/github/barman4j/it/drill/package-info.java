/** Drills on real servers: the load, the scenarios, and the proof that a drill can fail. */
@NullMarked
package io.github.barman4j.it.drill;

import org.jspecify.annotations.NullMarked;
