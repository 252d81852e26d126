/** What users and stored configuration can hold, tried by a fuzzer. */
@NullMarked
package io.github.barman4j.restore;

import org.jspecify.annotations.NullMarked;
