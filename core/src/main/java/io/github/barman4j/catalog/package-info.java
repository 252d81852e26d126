/**
 * Which backups exist and what is in them.
 *
 * <p>A backup exists when its entry is there: the entry is written last, durably and atomically, and never changed. Reading a
 * catalog reads every entry and verifies its hash; an entry with a changed byte is an {@link
 * io.github.barman4j.IntegrityException}, not a shorter list.
 *
 * <p>May import {@code io.github.barman4j}, postgres, repository and Jackson.
 */
@NullMarked
package io.github.barman4j.catalog;

import org.jspecify.annotations.NullMarked;
