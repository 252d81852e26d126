/**
 * Figures of the repository alone, without a server.
 */
@NullMarked
package io.github.barman4j.it.repository;

import org.jspecify.annotations.NullMarked;
