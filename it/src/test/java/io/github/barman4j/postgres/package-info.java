/** Damaged and forged files of a server, tried by a fuzzer. */
@NullMarked
package io.github.barman4j.postgres;

import org.jspecify.annotations.NullMarked;
