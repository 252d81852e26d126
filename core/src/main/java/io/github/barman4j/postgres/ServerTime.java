package io.github.barman4j.postgres;

import java.time.Instant;

/** The server's two notations of a moment. */
final class ServerTime {
  /** 2000-01-01T00:00:00Z in seconds since 1970 (timestamp.h, POSTGRES_EPOCH_JDATE, 15–18). */
  private static final long EPOCH_SECONDS = 946_684_800;

  private static final long MICROS_PER_SECOND = 1_000_000;

  private ServerTime() {}

  /** A TimestampTz: microseconds since 2000. */
  static Instant ofTimestamp(long micros) {
    long seconds = Math.floorDiv(micros, MICROS_PER_SECOND) + EPOCH_SECONDS;
    return Instant.ofEpochSecond(seconds, Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
  }

  /** A pg_time_t: seconds since 1970, which must be {@link #isCalendar}. */
  static Instant ofSeconds(long seconds) {
    return Instant.ofEpochSecond(seconds);
  }

  /** Whether a calendar holds this number of seconds since 1970. */
  static boolean isCalendar(long seconds) {
    return seconds >= Instant.MIN.getEpochSecond() && seconds <= Instant.MAX.getEpochSecond();
  }
}
