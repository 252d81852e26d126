/** What the integration tests share: which PostgreSQL servers they run. */
@NullMarked
package io.github.barman4j.it;

import org.jspecify.annotations.NullMarked;
