package io.github.barman4j.fault;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/** Lets bytes pass no faster than a rate, all threads together. Thread-safe. */
final class DiskPace {
  private double bytesPerNano = Double.POSITIVE_INFINITY;
  private long bytes;
  private long freeNanos = System.nanoTime();

  synchronized void limit(long bytesPerSecond) {
    bytesPerNano = bytesPerSecond / (double) TimeUnit.SECONDS.toNanos(1);
    freeNanos = System.nanoTime();
  }

  synchronized long bytes() {
    return bytes;
  }

  int passed(int count) throws InterruptedIOException {
    return (int) passed((long) count);
  }

  /**
   * Returns when so many bytes may have passed.
   *
   * @param count negative at a file's end
   */
  long passed(long count) throws InterruptedIOException {
    long waitNanos = count <= 0 ? 0 : turn(count);
    if (waitNanos > 0) {
      try {
        TimeUnit.NANOSECONDS.sleep(waitNanos);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the thread was interrupted");
      }
    }
    return count;
  }

  private synchronized long turn(long count) {
    bytes += count;
    long now = System.nanoTime();
    long begin = freeNanos - now > 0 ? freeNanos : now;
    freeNanos = begin + (long) (count / bytesPerNano);
    return freeNanos - now;
  }
}
