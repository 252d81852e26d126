package io.github.barman4j.report;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a scenario may cost at most; what is empty is not limited.
 *
 * @param lostTransactions acknowledged commits
 * @param rpo the age of the oldest lost commit at the fault
 * @param rto from the fault to the first durable write
 */
public record Limits(
    OptionalLong lostTransactions, Optional<Duration> rpo, Optional<Duration> rto) {
  public static final Limits NONE =
      new Limits(OptionalLong.empty(), Optional.empty(), Optional.empty());

  public static Limits ofLostTransactions(long most) {
    return new Limits(OptionalLong.of(most), Optional.empty(), Optional.empty());
  }

  public static Limits ofRto(Duration most) {
    return new Limits(OptionalLong.empty(), Optional.empty(), Optional.of(most));
  }

  /** Each of these limits where it is set, else the other's. */
  public Limits or(Limits other) {
    return new Limits(
        lostTransactions.isPresent() ? lostTransactions : other.lostTransactions,
        rpo.or(() -> other.rpo),
        rto.or(() -> other.rto));
  }
}
