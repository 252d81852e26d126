/**
 * The rules of the house, checked on the harness's classes.
 */
@NullMarked
package io.github.barman4j.architecture;

import org.jspecify.annotations.NullMarked;
