/** The replication protocol on real servers: what they answer, how they refuse, and TLS. */
@NullMarked
package io.github.barman4j.it.protocol;

import org.jspecify.annotations.NullMarked;
