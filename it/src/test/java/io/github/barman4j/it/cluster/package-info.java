/** The harness' servers: they start, break and leave nothing behind. */
@NullMarked
package io.github.barman4j.it.cluster;

import org.jspecify.annotations.NullMarked;
