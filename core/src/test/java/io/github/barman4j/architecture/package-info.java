/**
 * The house, checked: which packages there are, who may import whom, and what every package and file has to look like.
 *
 * <p>{@link House} is the table of the architecture page, {@link HouseRules} the rules made from it. Each module runs
 * them on its own classes, and one test here measures the files of all modules.
 */
@NullMarked
package io.github.barman4j.architecture;

import org.jspecify.annotations.NullMarked;
