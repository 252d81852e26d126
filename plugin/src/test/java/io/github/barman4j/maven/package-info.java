@NullMarked
package io.github.barman4j.maven;

import org.jspecify.annotations.NullMarked;
