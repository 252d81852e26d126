package io.github.barman4j;

import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLockInterruptionException;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Tells work that was interrupted from work that the machine has failed: an interrupted thread's files fail with an I/O error, too. */
public final class InterruptedWork {
  private InterruptedWork() {}

  /** Whether a failure, or what has caused it, comes from an interruption. */
  public static boolean isCauseOf(Throwable failure) {
    for (@Nullable Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof InterruptedException
          || e instanceof ClosedByInterruptException
          || e instanceof FileLockInterruptionException
          || e instanceof BarmanException known && known.code() == ErrorCode.INTERRUPTED
          || (e instanceof ClosedChannelException || e instanceof CancellationException)
              && Thread.currentThread().isInterrupted()) {
        return true;
      }
    }
    return false;
  }

  /** @param what was interrupted, for example {@code reading object 'x'} */
  public static BarmanException in(String what, Throwable cause) {
    return new BarmanException(
        ErrorCode.INTERRUPTED,
        what + " was interrupted",
        "run the goal again; unfinished work is invisible",
        cause);
  }
}
