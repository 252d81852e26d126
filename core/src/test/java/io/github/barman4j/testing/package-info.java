/**
 * What tests share: random input from seeds that can be replayed.
 */
@NullMarked
package io.github.barman4j.testing;

import org.jspecify.annotations.NullMarked;
