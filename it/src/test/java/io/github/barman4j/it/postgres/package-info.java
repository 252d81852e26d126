/**
 * What the parsers of PostgreSQL's formats read, against what real servers say of the same bytes; and the golden files that the
 * engine's unit tests keep of it.
 */
@NullMarked
package io.github.barman4j.it.postgres;

import org.jspecify.annotations.NullMarked;
