/** The receiver on real servers: under load, killed, refused, and across a change of timeline. */
@NullMarked
package io.github.barman4j.it.receive;

import org.jspecify.annotations.NullMarked;
