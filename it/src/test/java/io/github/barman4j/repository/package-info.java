/** A forged repository, tried by a fuzzer. */
@NullMarked
package io.github.barman4j.repository;

import org.jspecify.annotations.NullMarked;
