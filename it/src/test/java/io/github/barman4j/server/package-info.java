/** What a hostile server could put into a base backup, tried by a fuzzer. */
@NullMarked
package io.github.barman4j.server;

import org.jspecify.annotations.NullMarked;
