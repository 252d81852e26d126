/** Scenarios that are run on an engine or a network which is wrong on purpose, and must find it. */
@NullMarked
package io.github.barman4j.drill;

import org.jspecify.annotations.NullMarked;
