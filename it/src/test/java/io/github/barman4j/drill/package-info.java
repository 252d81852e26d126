/** Scenarios, seen from inside their package: with doubles that only it can give them. */
@NullMarked
package io.github.barman4j.drill;

import org.jspecify.annotations.NullMarked;
