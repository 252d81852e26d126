package io.github.barman4j.restore;

import static java.nio.file.StandardOpenOption.WRITE;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.EventSink;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.Progress;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings the WAL of a plan into its spool, several segments at once, in the order in which recovery will ask. Works in the background
 * from {@link #start} on, with a heartbeat by which the restore_command knows that it lives. {@link #close()} before {@link #join()} has
 * returned gives up, and whoever waits for a segment is told.
 */
final class WalFiller implements AutoCloseable {
  private static final Duration HEARTBEAT = Duration.ofMillis(250);
  private static final int ZEROS = 1 << 20;
  private static final int COPY_BUFFER = 128 << 10;

  private final WalSpool spool;
  private final RestorePlan plan;
  private final WalArchive archive;
  private final EventSink events;
  private final Progress progress;
  private final TaskGroup group;
  private final AtomicInteger left;
  private final long beganNanos = System.nanoTime();
  private final AtomicLong endedNanos = new AtomicLong();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread heart;

  private WalFiller(
      WalSpool spool, RestorePlan plan, WalArchive archive, int jobs, EventSink events) {
    this.spool = spool;
    this.plan = plan;
    this.archive = archive;
    this.events = events;
    this.progress = Progress.of(events, "wal", plan.walBytes());
    this.group = TaskGroup.of("restore-wal", jobs, plan.wal().size());
    this.left = new AtomicInteger(plan.wal().size());
    this.heart = new Thread(this::beat, "restore-wal-heartbeat");
    heart.setDaemon(true);
  }

  /** The names of all files that the plan has for recovery. */
  static List<String> names(RestorePlan plan) {
    List<String> names = new ArrayList<>();
    plan.histories().forEach(history -> names.add(history.fileName()));
    plan.wal().forEach(piece -> names.add(piece.segment().name()));
    return names;
  }

  /** Brings the history files, which recovery asks for first, and begins with the segments. */
  static WalFiller start(
      WalSpool spool, RestorePlan plan, WalArchive archive, int jobs, EventSink events)
      throws IOException {
    WalFiller filler = new WalFiller(spool, plan, archive, jobs, events);
    for (TimelineHistory history : plan.histories()) {
      filler.bring(history);
    }
    filler.heart.start();
    for (WalPiece piece : plan.wal()) {
      filler.group.submit(() -> filler.attempt(piece));
    }
    if (plan.wal().isEmpty()) {
      filler.finish();
    }
    return filler;
  }

  /** Throws what has failed so far, if anything has. */
  void requireHealthy() {
    RuntimeException found = failure.get();
    if (found != null) {
      throw found;
    }
  }

  /**
   * Waits until everything is there.
   *
   * @throws BarmanException the first failure
   */
  RestoreResult.Phase join() {
    try {
      group.join();
    } finally {
      stopped.countDown();
      progress.close();
    }
    long ended = endedNanos.get() == 0 ? System.nanoTime() : endedNanos.get();
    Duration took = Duration.ofNanos(ended - beganNanos);
    events.accept(new Event.Step("wal", took));
    return new RestoreResult.Phase(took, progress.done(), plan.wal().size());
  }

  @Override
  public void close() {
    stopped.countDown();
    group.close();
    try {
      if (left.get() > 0 && !spool.isAbandoned()) {
        spool.fail();
      }
    } catch (IOException e) {
      // The heartbeat has stopped: whoever waits notices that too, only later.
      System.getLogger(WalFiller.class.getName())
          .log(System.Logger.Level.DEBUG, "the spool could not be marked as failed", e);
    }
  }

  private void beat() {
    try {
      for (long count = 1; !stopped.await(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS); count++) {
        if (!spool.isAbandoned()) {
          spool.beat(count);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.getLogger(WalFiller.class.getName())
          .log(System.Logger.Level.DEBUG, "no heartbeat could be written", e);
    }
  }

  private void bring(TimelineHistory history) throws IOException {
    byte[] content = archive
        .history(history.timeline())
        .orElseThrow(() -> new BarmanException(
            ErrorCode.TIMELINE_UNKNOWN,
            "the history file " + history.fileName() + " has gone from the archive",
            "run the restore again."));
    DurableFile.write(spool.incoming().resolve(history.fileName()), content);
    spool.publish(history.fileName());
  }

  private boolean attempt(WalPiece piece) throws IOException {
    if (spool.isAbandoned()) {
      return false;
    }
    try {
      bring(piece);
    } catch (IOException e) {
      return giveUp(failed(piece, e));
    } catch (IntegrityException e) {
      return giveUp(new DamagedWal(archive, plan).at(piece, e));
    } catch (RuntimeException e) {
      return giveUp(e);
    }
    progress.advance(piece.segment().size().bytes());
    if (left.decrementAndGet() == 0) {
      finish();
    }
    return true;
  }

  /** Nobody minds when recovery has ended meanwhile. */
  private boolean giveUp(RuntimeException cause) throws IOException {
    if (spool.isAbandoned()) {
      return false;
    }
    failure.compareAndSet(null, cause);
    spool.fail();
    throw cause;
  }

  private void finish() throws IOException {
    endedNanos.set(System.nanoTime());
    spool.complete();
  }

  private void bring(WalPiece piece) throws IOException {
    Path target = spool.incoming().resolve(piece.segment().name());
    Path spooled = piece.spooled();
    if (spooled == null || !copy(piece.segment(), spooled, target)) {
      archive.fetch(piece.segment(), target);
    }
    if (piece.cut().isPresent()) {
      blank(target, piece.segment().size().offsetOf(piece.cut().get()));
    }
    spool.publish(piece.segment().name());
  }

  /**
   * Copies a file of the receiver's spool, filled up with zeros to the segment's size: a shorter one is refused by the server.
   *
   * @return false when the receiver has moved it into the archive meanwhile
   */
  private boolean copy(WalSegment segment, Path spooled, Path target) throws IOException {
    Optional<InputStream> found =
        archive.spoolFiles().open(new PartialSegment(segment, spooled, false));
    if (found.isEmpty()) {
      return false;
    }
    try (InputStream source = found.get();
        DurableFile file = DurableFile.create(target)) {
      int size = segment.size().bytes();
      byte[] buffer = new byte[COPY_BUFFER];
      int copied = 0;
      for (int read = 0; read >= 0 && copied < size; copied += Math.max(0, read)) {
        read = source.read(buffer, 0, Math.min(buffer.length, size - copied));
        file.out().write(buffer, 0, Math.max(0, read));
      }
      blank(file.channel(), copied, size);
      file.commit();
      return true;
    }
  }

  private static void blank(Path file, long from) throws IOException {
    try (FileChannel channel = FileChannel.open(file, WRITE)) {
      blank(channel, from, channel.size());
      DurableFile.sync(channel, file);
    }
  }

  private static void blank(FileChannel channel, long from, long end) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZEROS, Math.max(0, end - from)));
    for (long at = from; at < end; ) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
      at += channel.write(zeros, at);
    }
  }

  private static BarmanException failed(WalPiece piece, IOException e) {
    return new BarmanException(
        ErrorCode.RESTORE_FAILED,
        "WAL segment " + piece.segment().name() + " cannot be written into the restored directory: "
            + e,
        "check the space and the permissions there and restore again: the restore goes on where it stopped.",
        e);
  }
}
