package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.EnumSet;
import java.util.Set;

/** Whether a target can be reached. Immutable. */
public sealed interface Reachability {

  /**
   * It can.
   *
   * @param plan how: with which backup, along which timeline, with how much WAL
   */
  record Reachable(RestorePlan plan) implements Reachability {}

  /**
   * It cannot.
   *
   * @param code what a restore would be refused with
   * @param problem why, in words
   * @param hint with the nearest point that can be reached, if there is any
   */
  record Unreachable(ErrorCode code, String problem, String hint) implements Reachability {}

  /** What a plan is refused with for what it is asked, and not for the state of the repository. */
  private static Set<ErrorCode> refusals() {
    return EnumSet.of(
        ErrorCode.BACKUP_UNKNOWN,
        ErrorCode.RESTORE_REFUSED,
        ErrorCode.RESTORE_BACKUP_DAMAGED,
        ErrorCode.TARGET_BEFORE_BACKUP,
        ErrorCode.TARGET_UNREACHABLE,
        ErrorCode.TIMELINE_UNKNOWN,
        ErrorCode.WAL_GAP);
  }

  static Reachability of(PlanInput input) {
    try {
      return new Reachable(RestorePlan.decide(input));
    } catch (BarmanException e) {
      if (refusals().contains(e.code())) {
        return new Unreachable(e.code(), e.problem(), e.hint());
      }
      throw e;
    }
  }
}
