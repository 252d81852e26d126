/** Restores of real servers, judged by the content of every table. */
@NullMarked
package io.github.barman4j.it.restore;

import org.jspecify.annotations.NullMarked;
