package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.Set;
import java.util.regex.Pattern;

/** Which parts of a request do not go together. Pure. */
final class RequestRules {
  private static final Set<String> OURS =
      Set.of("restore_command", "recovery_end_command", "primary_conninfo");

  /** A password in a connection string or URI (manual, section 34.1.1). */
  private static final Pattern PASSWORD = Pattern.compile(
      "(^|[\\s?&])password\\s*=|^\\s*postgres(ql)?://[^@/?]*:[^@/?]*@", Pattern.CASE_INSENSITIVE);

  private final RestoreRequest request;

  RequestRules(RestoreRequest request) {
    this.request = request;
  }

  /** @throws BarmanException TARGET_INVALID, INVALID_VALUE */
  void check() {
    boolean latest = request.target() instanceof RecoveryTarget.Latest;
    if (latest && request.action() != TargetAction.PROMOTE) {
      throw new BarmanException(
          ErrorCode.TARGET_INVALID,
          "the action " + request.action().setting() + " needs a target",
          "a restore to the latest point always ends with promote; name a target or leave barman.targetAction out.");
    }
    if (request.testServer().isPresent() && request.keepArchiving()) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "a test server may not keep archiving on",
          "it would write into the production archive; restore without barman.archiving=keep.");
    }
    for (String name : request.ownSettings().keySet()) {
      if (name.startsWith("recovery_target") || OURS.contains(name)) {
        throw new BarmanException(
            ErrorCode.INVALID_VALUE,
            "the setting " + name + " is decided by the restore itself",
            "name the target instead.");
      }
    }
    if (request.acceptDamaged() && request.backup().isEmpty()) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "damage is accepted, but no backup is named",
          "name the backup in barman.backup, or leave barman.acceptDamaged out.");
    }
    checkStandby(latest);
  }

  private void checkStandby(boolean latest) {
    if (request.standby() && !latest) {
      throw new BarmanException(
          ErrorCode.TARGET_INVALID,
          "a standby has no target, but " + request.target().describe() + " is named",
          "leave the target out: a standby follows its primary; or leave barman.standby out.");
    }
    if (request.standby() && !(request.timeline() instanceof TargetTimeline.Latest)) {
      throw new BarmanException(
          ErrorCode.TARGET_INVALID,
          "a standby follows the latest timeline, no other",
          "leave barman.targetTimeline out, or barman.standby.");
    }
    String conninfo = request.primaryConninfo().orElse("");
    if (!request.standby() && !conninfo.isEmpty()) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "a primary is named for a server that is no standby",
          "add barman.standby=true, or leave barman.primaryConninfo out.");
    }
    if (PASSWORD.matcher(conninfo).find()) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "the primary's connection string holds a password, which would stand in postgresql.auto.conf for all who read it",
          "put it into the password file of the user that runs the standby, or name one with passfile=.");
    }
  }
}
