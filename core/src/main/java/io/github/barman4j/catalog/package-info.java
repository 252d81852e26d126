/**
 * Which backups exist and what is in them.
 *
 * <p>A backup exists when its entry is there: the entry is written last, durably and atomically, and never changed. Reading a
 * catalog reads every entry and verifies its hash; an entry with a changed byte makes no shorter list, it is a {@link
 * io.github.barman4j.catalog.DamagedEntry} beside the others.
 *
 * <p>What is found out about a backup later (damage, a verification) lies beside the entry, in marks: small objects of their own that are
 * never changed either and go with the backup. Whether a backup is damaged is computed from them.
 *
 * <p>May import {@code io.github.barman4j}, postgres, repository and Jackson.
 */
@NullMarked
package io.github.barman4j.catalog;

import org.jspecify.annotations.NullMarked;
