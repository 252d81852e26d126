package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a receiver begins again after a failure, and when.
 *
 * <p>Before it has streamed once, only what passes by itself within seconds is waited for: everything else is a mistake that its user
 * wants to hear of at once. Afterwards a lost connection, a server that is down and a full disk are waited for without an end.
 */
final class Backoff {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration PATIENCE_AT_FIRST = Duration.ofSeconds(10);
  private static final Duration PATIENCE_WITH_A_SLOT_IN_USE = Duration.ofMinutes(2);

  private static final Set<ErrorCode> PASS_SOON =
      EnumSet.of(ErrorCode.SERVER_NOT_READY, ErrorCode.SLOT_IN_USE);
  private static final Set<ErrorCode> PASS = EnumSet.of(
      ErrorCode.SERVER_NOT_READY,
      ErrorCode.CONNECTION_FAILED,
      ErrorCode.CONNECTION_LOST,
      ErrorCode.CONNECTION_REJECTED,
      ErrorCode.HOST_UNKNOWN,
      ErrorCode.SERVER_SILENT,
      ErrorCode.NO_FREE_WAL_SENDER,
      ErrorCode.SLOT_IN_USE,
      ErrorCode.IO);

  private boolean streamedEver;
  private Optional<Duration> slotPatience = Optional.of(PATIENCE_WITH_A_SLOT_IN_USE);
  private Duration pause = FIRST_PAUSE;
  private long failingSinceNanos;
  private boolean failing;

  /** The stream has begun, and something has come. */
  void streaming() {
    streamedEver = true;
    failing = false;
    pause = FIRST_PAUSE;
  }

  /**
   * Learns after which silence the server ends a connection: so long it may take until the slot is free that a lost connection held.
   *
   * @param walSenderTimeout zero when it never does; then the slot is waited for without an end
   */
  void slotIsFreeAfter(Duration walSenderTimeout) {
    Duration twice = walSenderTimeout.multipliedBy(2);
    slotPatience = walSenderTimeout.isZero()
        ? Optional.empty()
        : Optional.of(
            twice.compareTo(PATIENCE_WITH_A_SLOT_IN_USE) > 0 ? twice : PATIENCE_WITH_A_SLOT_IN_USE);
  }

  /**
   * How long to wait before the next attempt; empty when there shall be none.
   *
   * @param nowNanos of the monotonic clock
   */
  Optional<Duration> after(BarmanException failure, long nowNanos) {
    if (!failing) {
      failing = true;
      failingSinceNanos = nowNanos;
    }
    Duration since = Duration.ofNanos(nowNanos - failingSinceNanos);
    ErrorCode code = failure.code();
    boolean again = streamedEver
        ? PASS.contains(code)
            && (code != ErrorCode.SLOT_IN_USE
                || slotPatience.map(limit -> since.compareTo(limit) < 0).orElse(true))
        : PASS_SOON.contains(code) && since.compareTo(PATIENCE_AT_FIRST) < 0;
    if (!again) {
      return Optional.empty();
    }
    Duration now = pause;
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    return Optional.of(now);
  }
}
