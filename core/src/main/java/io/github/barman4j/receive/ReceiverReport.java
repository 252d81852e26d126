package io.github.barman4j.receive;

import io.github.barman4j.EventSink;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** What a receiver tells others: its status at any time, and events. Written by the receiving thread; read by any. */
final class ReceiverReport {
  private static final long REPORT_NANOS = 10_000_000_000L;

  private final EventSink events;
  private final AtomicReference<ReceiverStatus> status = new AtomicReference<>(ReceiverStatus.NONE);
  private final Set<String> told = new HashSet<>();
  private long reportedNanos = System.nanoTime();
  private Lsn reported = Lsn.INVALID;

  ReceiverReport(EventSink events) {
    this.events = events;
  }

  EventSink events() {
    return events;
  }

  ReceiverStatus status() {
    return status.get();
  }

  /** @param server the history of the timeline that the server is on, which is the one that is streamed or a later one */
  void begun(TimelineHistory server, Timeline timeline, Lsn start) {
    status.updateAndGet(now -> now.begun(
        timeline,
        now.timeline().filter(before -> !before.equals(timeline)).flatMap(server::endOf)));
    events.info("receiving from " + start + " on timeline " + timeline);
  }

  void ended() {
    status.updateAndGet(ReceiverStatus::ended);
  }

  void wrote(Lsn written, Lsn serverEnd) {
    status.updateAndGet(now -> now.wrote(written, serverEnd));
  }

  void acknowledged(Lsn flushed) {
    ReceiverStatus now = status.updateAndGet(before -> before.acknowledged(flushed));
    long nanos = System.nanoTime();
    if (nanos - reportedNanos >= REPORT_NANOS && !flushed.equals(reported)) {
      reportedNanos = nanos;
      reported = flushed;
      events.info("received up to " + flushed + ", " + now.lagBytes() + " bytes behind the server");
    }
  }

  /** A warning that is not repeated at every new connection. */
  void warnOnce(String text, String hint) {
    if (told.add(text)) {
      events.warn(text, hint);
    }
  }
}
