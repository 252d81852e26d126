package io.github.barman4j.fault;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Decides what a disk does with a call. Asked by all threads at once, just before the call is carried out. */
@FunctionalInterface
public interface DiskFault {
  DiskFault NONE = (call, path) -> Reaction.PROCEED;

  /** What the disk does. */
  enum Reaction {
    PROCEED,
    /** Fails with EIO; a force that fails so has made nothing durable and never will: only what is written anew can be forced. */
    IO_ERROR,
    /** Fails with ENOSPC. */
    NO_SPACE,
    /** A force says that it has been done, and has not: what a program that forgot it would have. Anything else proceeds. */
    PRETEND,
    /** The power goes before the call. */
    LOSE_POWER
  }

  /**
   * @param path below the disk's root, with {@code /} between its parts; of a rename or a link the new name
   */
  Reaction before(DiskCall call, String path);

  /** Reacts to every call of one kind on paths that match. */
  static DiskFault every(DiskCall kind, String pattern, Reaction reaction) {
    Pattern paths = Pattern.compile(pattern);
    return (call, path) ->
        call == kind && paths.matcher(path).matches() ? reaction : Reaction.PROCEED;
  }

  /** Reacts once, to the n-th such call. */
  static DiskFault nth(DiskCall kind, String pattern, int number, Reaction reaction) {
    DiskFault every = every(kind, pattern, reaction);
    AtomicInteger seen = new AtomicInteger();
    return (call, path) -> every.before(call, path) == reaction && seen.incrementAndGet() == number
        ? reaction
        : Reaction.PROCEED;
  }
}
