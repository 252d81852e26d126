/** A forged archive of write-ahead log, tried by a fuzzer. */
@NullMarked
package io.github.barman4j.wal;

import org.jspecify.annotations.NullMarked;
