/** Tests of the restore: plans by table, settings, the shell script in a real shell. */
@NullMarked
package io.github.barman4j.restore;

import org.jspecify.annotations.NullMarked;
