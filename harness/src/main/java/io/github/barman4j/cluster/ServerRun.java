package io.github.barman4j.cluster;

import java.time.Duration;

/** One run of a postmaster, from its start to its end. Used by one thread. */
interface ServerRun {
  boolean isAlive();

  /** Asks the postmaster to stop and does not wait. */
  void stop(StopMode mode);

  /** Waits for the server to end and its log to be read; an interrupt does not end the wait and is kept. */
  boolean awaitEnd(Duration atMost);

  /**
   * SIGKILL for all of the server's processes, and waits until they are gone.
   *
   * @return {@link System#nanoTime()} just before the first SIGKILL
   */
  long kill();

  /** {@link #kill} of a server that is not started again: what it would have cleared away then is removed, too. */
  void destroy();

  /** SIGSTOP for one of the server's processes, by the number that the server knows it by. */
  void suspend(long pid);

  /** SIGSTOP for all of the server's processes. */
  void pause();

  /** Lets them go on, if they are still there. */
  void resume();

  /** Removes what is left of a run that has ended. */
  void remove();
}
