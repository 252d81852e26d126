package io.github.barman4j.report;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a scenario may cost at most; what is empty is not limited.
 *
 * @param lostTransactions acknowledged commits
 * @param rpo the age of the oldest lost commit at the fault
 * @param rto from the fault to the first durable write
 * @param rtoRegressionPercent by how much {@code rto} may be longer than the median of earlier runs
 */
public record Limits(
    OptionalLong lostTransactions,
    Optional<Duration> rpo,
    Optional<Duration> rto,
    OptionalInt rtoRegressionPercent) {
  public static final Limits NONE =
      new Limits(OptionalLong.empty(), Optional.empty(), Optional.empty());

  public Limits(OptionalLong lostTransactions, Optional<Duration> rpo, Optional<Duration> rto) {
    this(lostTransactions, rpo, rto, OptionalInt.empty());
  }

  public static Limits ofLostTransactions(long most) {
    return new Limits(OptionalLong.of(most), Optional.empty(), Optional.empty());
  }

  public static Limits ofRto(Duration most) {
    return new Limits(OptionalLong.empty(), Optional.empty(), Optional.of(most));
  }

  public static Limits ofRtoRegression(int mostPercent) {
    return NONE.withRtoRegression(OptionalInt.of(mostPercent));
  }

  public Limits withRtoRegression(OptionalInt mostPercent) {
    return new Limits(lostTransactions, rpo, rto, mostPercent);
  }

  /** Each of these limits where it is set, else the other's. */
  public Limits or(Limits other) {
    return new Limits(
        lostTransactions.isPresent() ? lostTransactions : other.lostTransactions,
        rpo.or(() -> other.rpo),
        rto.or(() -> other.rto),
        rtoRegressionPercent.isPresent() ? rtoRegressionPercent : other.rtoRegressionPercent);
  }
}
