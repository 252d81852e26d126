/**
 * What every part of the engine shares: errors, events, progress, task groups and durable files.
 */
@NullMarked
package io.github.barman4j;

import org.jspecify.annotations.NullMarked;
