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
    if (request.standby()) {
      addStandby(steps, request);
      return steps;
    }
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

  private static void addStandby(List<String> steps, RestoreRequest request) {
    steps.add(
        request.primaryConninfo().isPresent()
            ? "wait until it streams: select status from pg_stat_wal_receiver says streaming"
            : "it has no primary and stays where the archive ended; set primary_conninfo to let it follow one");
    steps.add(
        "keep the WAL that it needs on the primary: make a replication slot there and set primary_slot_name");
    steps.add(
        "promote it with select pg_promote(); then take a new backup and give it back what the restore has cleared: "
            + String.join(", ", "archive_mode", "archive_command", "archive_library")
            + ", restore_command, recovery_end_command");
  }
}
