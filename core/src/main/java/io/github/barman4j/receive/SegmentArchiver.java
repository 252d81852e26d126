package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts full segments of a spool into the archive, in order, on a thread of its own, and takes each out of the spool when it is
 * durable there.
 *
 * <p>A segment that the archive refuses for what it contains ends the work: {@link #check()} throws from then on. An archive that
 * cannot be written for the moment is tried again for ever, with a warning each time: the spool keeps what it has. Thread-safe.
 */
final class SegmentArchiver implements AutoCloseable {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final WalArchive archive;
  private final Path spool;
  private final SystemIdentifier system;
  private final EventSink events;
  private final RecentSegments recent;
  private final boolean retrying;
  private final Thread thread;
  private final Deque<WalSegment> waiting = new ArrayDeque<>();
  private boolean closing;
  private @Nullable RuntimeException failure;

  /**
   * @param recent what becomes of a segment that is archived
   * @param retrying false makes every failure an end
   */
  SegmentArchiver(
      WalArchive archive,
      Path spool,
      SystemIdentifier system,
      EventSink events,
      RecentSegments recent,
      boolean retrying) {
    this.archive = archive;
    this.spool = spool;
    this.system = system;
    this.events = events;
    this.recent = recent;
    this.retrying = retrying;
    this.thread = new Thread(this::run, "archive-wal");
    thread.setDaemon(true);
  }

  SegmentArchiver start() {
    thread.start();
    return this;
  }

  /** Adds a segment that lies in the spool under its own name; returns at once. */
  synchronized void submit(WalSegment segment) {
    waiting.add(segment);
    notifyAll();
  }

  /** Adds the whole ones that lie there and do not wait yet: what an earlier run, or a stream that failed after it, has left. */
  synchronized void submitLeft(List<PartialSegment> spooled) {
    for (PartialSegment left : spooled) {
      WalSegment segment = left.segment();
      if (left.whole() && !waiting.contains(segment) && Files.exists(file(segment))) {
        submit(segment);
      }
    }
  }

  private Path file(WalSegment segment) {
    return spool.resolve(segment.name());
  }

  /** Throws what ended the work, if it has ended. */
  synchronized void check() {
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Waits until everything that was submitted is in the archive.
   *
   * @return false when the time is over before that, or the caller is interrupted
   * @throws RuntimeException what ended the work
   */
  synchronized boolean drain(Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!waiting.isEmpty()) {
      check();
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0 || closing) {
        return false;
      }
      pause(left);
    }
    check();
    return true;
  }

  private void run() {
    WalSegment segment = head();
    while (segment != null) {
      try {
        archive(segment);
      } catch (RuntimeException e) {
        fail(e);
        return;
      }
      synchronized (this) {
        waiting.remove();
        notifyAll();
      }
      segment = head();
    }
  }

  private synchronized @Nullable WalSegment head() {
    while (waiting.isEmpty() && !closing) {
      pause(0);
    }
    return closing ? null : waiting.peek();
  }

  private void archive(WalSegment segment) {
    Path file = file(segment);
    Duration rest = FIRST_PAUSE;
    boolean stored = false;
    while (true) {
      try {
        if (!stored) {
          warnOfDamage(archive.store(segment, file, system));
          stored = true;
        }
        // Not again from the beginning when only this fails: the file may be gone all the same.
        recent.retire(file);
        return;
      } catch (IOException | BarmanException e) {
        BarmanException problem = translated(segment, e);
        if (!retrying || !isPassing(problem) || !rest(problem, segment, rest)) {
          throw problem;
        }
        rest = rest.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
            ? rest.multipliedBy(2)
            : LONGEST_PAUSE;
      }
    }
  }

  private void warnOfDamage(WalArchive.Stored stored) {
    if (!stored.index().whole()) {
      events.warn(
          "in segment " + stored.segment() + " the log cannot be read from "
              + Lsn.max(stored.index().end(), stored.segment().start()) + " on",
          "a recovery would end there: take a new backup, and find out whether the server's disk or the spool's is damaged");
    }
  }

  private static BarmanException translated(WalSegment segment, Exception e) {
    return e instanceof BarmanException known
        ? known
        : new BarmanException(
            ErrorCode.IO,
            "the archived segment " + segment + " cannot be removed from the spool: " + e,
            "check the spool's owner and permissions",
            e);
  }

  private static boolean isPassing(BarmanException e) {
    return !(e instanceof IntegrityException)
        && (e.code() == ErrorCode.IO
            || e.code() == ErrorCode.REPOSITORY_IO
            || e.code() == ErrorCode.REPOSITORY_UNWRITABLE);
  }

  private synchronized boolean rest(BarmanException problem, WalSegment segment, Duration rest) {
    if (closing) {
      return false;
    }
    events.warn(
        "segment " + segment + " stays in the spool, " + waiting.size() + " are waiting: "
            + problem.problem(),
        problem.hint());
    pause(rest.toMillis());
    return !closing;
  }

  private synchronized void fail(RuntimeException e) {
    if (!closing) {
      failure = e;
    }
    notifyAll();
  }

  /** @param millis 0 waits without an end */
  private synchronized void pause(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      closing = true;
      Thread.currentThread().interrupt();
    }
  }

  /** Ends after the segment that is being archived; what waits stays in the spool. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
