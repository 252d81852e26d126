package io.github.barman4j.fault;

/** A standby of the server that is backed up, where something may happen to it. */
public interface StandbyTarget {
  /** Returns when it has replayed all that it got and gets nothing more. */
  void stall();

  /** Returns when it takes writes. */
  void promote();
}
