package io.github.barman4j;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts the bytes of one phase and tells about them at most twice a second, and once when it is closed.
 *
 * <p>Thread-safe; {@link #advance} costs an addition and a clock reading.
 */
public final class Progress implements AutoCloseable {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final EventSink sink;
  private final String phase;
  private final LongSupplier nanoClock;
  private final long startNanos;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong lastToldNanos;
  private volatile long total;

  private Progress(EventSink sink, String phase, long totalBytes, LongSupplier nanoClock) {
    this.sink = sink;
    this.phase = phase;
    this.total = totalBytes;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
    this.lastToldNanos = new AtomicLong(startNanos);
  }

  /** @param totalBytes -1 when it is not known yet */
  public static Progress of(EventSink sink, String phase, long totalBytes) {
    return of(sink, phase, totalBytes, System::nanoTime);
  }

  static Progress of(EventSink sink, String phase, long totalBytes, LongSupplier nanoClock) {
    return new Progress(sink, phase, totalBytes, nanoClock);
  }

  public void total(long bytes) {
    total = bytes;
  }

  public void advance(long bytes) {
    done.addAndGet(bytes);
    long now = nanoClock.getAsLong();
    long last = lastToldNanos.get();
    if (now - last >= INTERVAL_NANOS && lastToldNanos.compareAndSet(last, now)) {
      tell(now);
    }
  }

  public long done() {
    return done.get();
  }

  @Override
  public void close() {
    tell(nanoClock.getAsLong());
  }

  private void tell(long now) {
    long bytes = done.get();
    double seconds = Math.max(1, now - startNanos) / 1e9;
    long rate = Math.round(bytes / seconds);
    long known = total;
    Optional<Duration> left = known < 0 || rate <= 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Math.max(0, known - bytes) / rate));
    sink.accept(new Event.Progress(phase, bytes, known, rate, left));
  }
}
