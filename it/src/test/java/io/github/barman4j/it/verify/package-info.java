/** Verification, healing and page checksums, with real servers. */
@NullMarked
package io.github.barman4j.it.verify;

import org.jspecify.annotations.NullMarked;
