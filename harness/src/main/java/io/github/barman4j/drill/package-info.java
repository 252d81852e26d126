/**
 * Drills: a scenario breaks a server on purpose, restores it and measures what was lost and how long it took.
 */
@NullMarked
package io.github.barman4j.drill;

import org.jspecify.annotations.NullMarked;
