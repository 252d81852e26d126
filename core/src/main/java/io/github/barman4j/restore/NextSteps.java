package io.github.barman4j.restore;

import java.util.ArrayList;
import java.util.List;

/** What to do after a restore, in order, for people. Pure. */
final class NextSteps {
  private NextSteps() {}

  static List<String> of(RestorePlan plan, RestoreRequest request, FileOwner owner) {
    List<String> steps = new ArrayList<>();
    String user = owner.name().map(name -> " as user " + name).orElse("");
    steps.add("start PostgreSQL " + plan.backup().postgres().major() + user + ": pg_ctl -D '"
        + request.directory().toString().replace("'", "'\\''") + "' start");
    steps.add(
        switch (request.action()) {
          case PROMOTE ->
            "wait until it takes writes, and look at the data: select pg_is_in_recovery() becomes false at "
                + plan.target().describe();
          case PAUSE -> "look at the data; end recovery with select pg_wal_replay_resume()";
          case SHUTDOWN ->
            "it stops at the target; start it again without the recovery_target settings to go on";
        });
    steps.add("take a new backup: the restored cluster goes on with a timeline of its own");
    List<String> cleared = new ArrayList<>();
    if (!request.keepArchiving()) {
      cleared.add("archive_mode");
      cleared.add("archive_command");
      cleared.add("archive_library");
    }
    if (!request.keepSynchronousStandbys()) {
      cleared.add("synchronous_standby_names");
    }
    cleared.add("restore_command");
    cleared.add("recovery_end_command");
    steps.add(
        "if it is to replace production, give it back its settings, alter system reset for each of "
            + String.join(", ", cleared)
            + " and the recovery_target settings, restart it, and delete the folder "
            + WalSpool.FOLDER + " in its data directory");
    return steps;
  }
}
