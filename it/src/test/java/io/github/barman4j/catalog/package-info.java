/** A forged catalog, tried by a fuzzer. */
@NullMarked
package io.github.barman4j.catalog;

import org.jspecify.annotations.NullMarked;
