/** What a hostile server could say, tried by a fuzzer. */
@NullMarked
package io.github.barman4j.protocol;

import org.jspecify.annotations.NullMarked;
