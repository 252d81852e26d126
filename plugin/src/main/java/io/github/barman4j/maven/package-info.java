/**
 * The Maven goals: parameters in, one call of the engine or of a drill, messages out.
 */
@NullMarked
package io.github.barman4j.maven;

import org.jspecify.annotations.NullMarked;
