package io.github.barman4j.fault;

/** How many bytes the files of a disk have together, and how many they may. Thread-safe. */
final class DiskSpace {
  private long limit = Long.MAX_VALUE;
  private long used;

  synchronized void limit(long bytes) {
    limit = bytes;
  }

  synchronized long used() {
    return used;
  }

  synchronized long free() {
    return Math.max(0, limit - used);
  }

  synchronized boolean isFull() {
    return used >= limit;
  }

  /**
   * Takes as much of what is wanted as there is.
   *
   * @return how much was taken
   */
  synchronized long take(long wanted) {
    long taken = Math.min(wanted, free());
    used += taken;
    return taken;
  }

  synchronized void give(long bytes) {
    used -= bytes;
  }
}
