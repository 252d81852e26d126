/**
 * The rules of the house, checked on the plugin's classes.
 */
@NullMarked
package io.github.barman4j.architecture;

import org.jspecify.annotations.NullMarked;
