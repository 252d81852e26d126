/** Tests of drills as tests. */
@NullMarked
package io.github.barman4j.junit;

import org.jspecify.annotations.NullMarked;
