/** The drill's page in a real browser. */
@NullMarked
package io.github.barman4j.it.report;

import org.jspecify.annotations.NullMarked;
