/** The goals as a user calls them: Maven as a process, in a folder without a POM where not said otherwise. */
@NullMarked
package io.github.barman4j.it.goals;

import org.jspecify.annotations.NullMarked;
