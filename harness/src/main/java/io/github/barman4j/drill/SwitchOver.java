package io.github.barman4j.drill;

import io.github.barman4j.cluster.LogMark;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Rto;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The promotion of a standby after the loss of its primary, measured from the fault to the first durable write. Nobody decides: the
 * standby is promoted as soon as the primary does not answer.
 */
final class SwitchOver {
  private final Measurement measurement;

  private SwitchOver(Measurement measurement) {
    this.measurement = measurement;
  }

  static SwitchOver to(Follower follower, Primary lost, long faultNanos) {
    Measurement measured = new Measurement(faultNanos);
    lost.awaitUnreachable();
    measured.reached(Milestone.DETECTED);
    new Fault.PromoteStandby().inject(follower);
    measured.reached(Milestone.READY, follower.server().log().nanosOf(LogMark.READY));
    Recovery.firstUse(follower.server(), measured);
    return new SwitchOver(measured);
  }

  /**
   * The same where something else promotes the standby.
   *
   * @param said what it has written, for the failure when it does not
   */
  static SwitchOver byItself(
      Follower follower, Primary lost, long faultNanos, Supplier<String> said) {
    Measurement measured = new Measurement(faultNanos);
    lost.awaitUnreachable();
    measured.reached(Milestone.DETECTED);
    follower.awaitPromotion(said);
    measured.reached(Milestone.READY, follower.server().log().nanosOf(LogMark.READY));
    Recovery.firstUse(follower.server(), measured);
    return new SwitchOver(measured);
  }

  Rto rto() {
    return measurement.toRto();
  }

  /** What went on afterwards and is in no sum. */
  void apart(String name, Duration took) {
    measurement.apart(name, took);
  }
}
