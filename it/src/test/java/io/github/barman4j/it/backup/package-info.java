/** Base backups of real servers, up to the catalog entry. */
@NullMarked
package io.github.barman4j.it.backup;

import org.jspecify.annotations.NullMarked;
