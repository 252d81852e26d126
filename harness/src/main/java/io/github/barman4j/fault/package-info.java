/**
 * What is broken on purpose, as values, and where a fault meets the server.
 *
 * <p>A {@link io.github.barman4j.fault.Fault} says what happens; {@link io.github.barman4j.fault.FaultTarget} is who can make it happen.
 * Imports {@code io.github.barman4j}. Promise: an {@link io.github.barman4j.fault.Injection} tells the moment of the fault by the
 * monotonic clock, taken just before the damage.
 */
@NullMarked
package io.github.barman4j.fault;

import org.jspecify.annotations.NullMarked;
