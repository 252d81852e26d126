/**
 * Ends the engine in the middle of its work, at every durable step and at random moments, by SIGKILL, by a loss of power, by an I/O error
 * and by a full disk, and looks at what is left: nothing that was acknowledged is lost, no backup that is listed is bad, what was
 * unfinished cannot be seen, and the next run works and clears it away.
 *
 * <p>Which steps there are is not written down here: a first run of each operation records them ({@link
 * io.github.barman4j.it.crash.StepObserver}, or the disk's own calls), and each different one becomes a crash.
 */
@NullMarked
package io.github.barman4j.it.crash;

import org.jspecify.annotations.NullMarked;
