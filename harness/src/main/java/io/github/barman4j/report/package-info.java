/**
 * What a drill has found, as values, and the forms in which others read it: {@code drill.json} (its schema is a promise), {@code
 * drill.html}, a JUnit report, Markdown, and lines for a console; and the {@code History} of drills.
 *
 * <p>Imports {@code io.github.barman4j}; Jackson. Knows nothing of how a figure came about. Every form is made from {@link
 * io.github.barman4j.report.DrillReport} alone and is the same for the same report. No secret can get in: the values hold none.
 */
@NullMarked
package io.github.barman4j.report;

import org.jspecify.annotations.NullMarked;
