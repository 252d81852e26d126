package io.github.barman4j.restore;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What a restore writes into postgresql.auto.conf, which the server reads last. Pure.
 *
 * <p>The order counts: the server refuses a target while another one is set, and an empty value unsets it (xlogrecovery.c,
 * assign_recovery_target and its neighbours, 15–18). So the others are unset first, whatever postgresql.conf says, and the one that is
 * wanted comes after them.
 *
 * @param values in the order in which they are written
 */
record RecoverySettings(Map<String, String> values) {
  /**
   * The settings that may not be lower than on the server that wrote the WAL, with the server's defaults (manual, section 27.4.3;
   * guc_tables.c, 15–18).
   */
  static final Map<String, Integer> LIMIT_DEFAULTS =
      Collections.unmodifiableMap(new TreeMap<>(Map.of(
          "max_connections", 100,
          "max_worker_processes", 8,
          "max_wal_senders", 10,
          "max_prepared_transactions", 0,
          "max_locks_per_transaction", 64)));

  private static final List<String> TARGETS = List.of(
      "recovery_target",
      "recovery_target_lsn",
      "recovery_target_name",
      "recovery_target_time",
      "recovery_target_xid");
  private static final String INCLUSIVE = "recovery_target_inclusive";
  private static final String HEADING =
      "# Written by Barman for Maven when it restored this cluster:";
  private static final DateTimeFormatter SERVER_TIME = DateTimeFormatter.ofPattern(
          "uuuu-MM-dd HH:mm:ss.SSSSSS'+00'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  RecoverySettings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * The settings of a restore.
   *
   * @param timeline the value of recovery_target_timeline, already decided
   * @param limits for each name of {@link #LIMIT_DEFAULTS} the least value that the server needs
   * @param configured gives the value that the data directory's own files set, if they do
   */
  static RecoverySettings of(
      RestoreRequest request,
      String timeline,
      Map<String, Integer> limits,
      Function<String, Optional<String>> configured) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("restore_command", WalSpool.RESTORE_COMMAND);
    values.put("recovery_end_command", WalSpool.RECOVERY_END_COMMAND);
    values.put("archive_cleanup_command", "");
    values.put("recovery_min_apply_delay", "0");
    values.put("primary_conninfo", request.primaryConninfo().orElse(""));
    values.put("primary_slot_name", "");
    putTarget(values, request.target());
    values.put("recovery_target_timeline", timeline);
    values.put("recovery_target_action", request.action().setting());
    if (request.action() == TargetAction.PAUSE || request.standby()) {
      values.put("hot_standby", "on");
    }
    if (!request.keepArchiving()) {
      values.put("archive_mode", "off");
      values.put("archive_command", "");
      values.put("archive_library", "");
    }
    if (!request.keepSynchronousStandbys()) {
      values.put("synchronous_standby_names", "");
    }
    new TreeMap<>(limits).forEach((name, least) -> {
      if (valueOf(name, configured) < least) {
        values.put(name, least.toString());
      }
    });
    request.settings().forEach(values::put);
    return new RecoverySettings(values);
  }

  private static void putTarget(Map<String, String> values, RecoveryTarget target) {
    String name = "";
    String value = "";
    boolean inclusive = true;
    if (target instanceof RecoveryTarget.Immediate) {
      name = "recovery_target";
      value = "immediate";
    } else if (target instanceof RecoveryTarget.AtTime at) {
      name = "recovery_target_time";
      value = serverTime(at.time());
      inclusive = at.inclusive();
    } else if (target instanceof RecoveryTarget.AtLsn at) {
      name = "recovery_target_lsn";
      value = at.lsn().toString();
      inclusive = at.inclusive();
    } else if (target instanceof RecoveryTarget.AtXid at) {
      name = "recovery_target_xid";
      value = Long.toString(at.shortXid());
      inclusive = at.inclusive();
    } else if (target instanceof RecoveryTarget.AtName at) {
      name = "recovery_target_name";
      value = at.name();
    }
    for (String other : TARGETS) {
      if (!other.equals(name)) {
        values.put(other, "");
      }
    }
    if (!name.isEmpty()) {
      values.put(name, value);
    }
    values.put(INCLUSIVE, inclusive ? "on" : "off");
  }

  static String serverTime(Instant time) {
    return SERVER_TIME.format(time);
  }

  private static int valueOf(String name, Function<String, Optional<String>> configured) {
    int byDefault = LIMIT_DEFAULTS.getOrDefault(name, 0);
    try {
      return configured.apply(name).map(String::strip).map(Integer::decode).orElse(byDefault);
    } catch (NumberFormatException e) {
      // Not ours to judge; the least value that is needed replaces it.
      return -1;
    }
  }

  /** The new content of postgresql.auto.conf: its older entries of our names are gone, ours stand at its end. */
  String applyTo(String autoConf) {
    Set<String> names = new LinkedHashSet<>(values.keySet());
    List<String> lines = new ArrayList<>();
    lines.add(HEADING);
    values.forEach((name, value) -> lines.add(ConfigurationText.setting(name, value)));
    return ConfigurationText.parse(autoConf).without(names).plus(lines).text();
  }
}
