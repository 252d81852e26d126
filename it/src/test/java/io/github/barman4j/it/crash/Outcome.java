package io.github.barman4j.it.crash;

import org.jspecify.annotations.Nullable;

/**
 * What came of one crash.
 *
 * @param what was done to it
 * @param reached whether it came to the step; false: it had ended before
 * @param acknowledged commits that clients were told of
 * @param lost those of them that are gone
 * @param listed backups that the catalog listed after the crash; each was read to its last block
 * @param failure what was wrong; null: nothing
 */
record Outcome(
    String what,
    boolean reached,
    int acknowledged,
    int lost,
    int listed,
    @Nullable Throwable failure) {

  static Outcome failed(String what, Throwable failure) {
    return new Outcome(what, true, 0, 0, 0, failure);
  }
}
