package io.github.barman4j.server;

import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.WalSegmentSize;
import java.sql.Array;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks a server what it is. Every role may ask all of it; what a role may not see is left out. */
final class FactsQuery {
  private static final String ONE_ROW = """
      select (select system_identifier from pg_control_system()) as system_identifier,
             pg_is_in_recovery() as standby,
             r.rolname, r.rolreplication or r.rolsuper as may_replicate,
             (select count(*) from pg_stat_replication) as senders,
             (select count(*) from pg_replication_slots) as slots
        from pg_roles r where r.rolname = session_user""";

  /** Those that a role may not see are not in the view. */
  private static final String SETTINGS = """
      select name, setting from pg_settings where name in ('server_version_num', 'wal_segment_size',
        'data_directory', 'data_checksums', 'wal_level', 'max_wal_senders', 'max_replication_slots',
        'full_page_writes', 'synchronous_standby_names')""";

  private static final String TABLESPACES = """
      select oid, spcname, pg_tablespace_location(oid) as location from pg_tablespace
       where spcname not in ('pg_default', 'pg_global') order by oid""";

  /** Which of the libraries it was built with shows in what wal_compression can be (guc_tables.c, 15–18). */
  private static final String LIBRARIES =
      "select enumvals from pg_settings where name = 'wal_compression'";

  private final Sql sql;

  FactsQuery(Sql sql) {
    this.sql = sql;
  }

  private record Basics(
      SystemIdentifier identifier,
      boolean standby,
      String role,
      boolean mayReplicate,
      int senders,
      int slots) {}

  ServerFacts ask() {
    Basics basics = sql.one(
        "identifying the server",
        ONE_ROW,
        row -> new Basics(
            new SystemIdentifier(row.getLong("system_identifier")),
            row.getBoolean("standby"),
            row.getString("rolname"),
            row.getBoolean("may_replicate"),
            row.getInt("senders"),
            row.getInt("slots")));
    Map<String, String> settings = sql
        .list("reading settings", SETTINGS, row -> Map.entry(row.getString(1), row.getString(2)))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return new ServerFacts(
        new PostgresVersion(number(settings, "server_version_num")),
        basics.identifier(),
        new WalSegmentSize(number(settings, "wal_segment_size")),
        Optional.ofNullable(settings.get("data_directory")),
        isOn(settings, "data_checksums"),
        basics.standby(),
        basics.role(),
        basics.mayReplicate(),
        settings.getOrDefault("wal_level", ""),
        new ServerFacts.Usage(number(settings, "max_wal_senders"), basics.senders()),
        new ServerFacts.Usage(number(settings, "max_replication_slots"), basics.slots()),
        isOn(settings, "full_page_writes"),
        settings.getOrDefault("synchronous_standby_names", ""),
        tablespaces(),
        wireCompressions());
  }

  List<SourceTablespace> tablespaces() {
    return sql.list(
        "listing tablespaces",
        TABLESPACES,
        row -> new SourceTablespace(row.getLong(1), row.getString(2), row.getString(3)));
  }

  private Set<WireCompression> wireCompressions() {
    Set<WireCompression> found = EnumSet.of(WireCompression.NONE, WireCompression.GZIP);
    sql.list("asking what the server can compress", LIBRARIES, row -> {
          Array values = row.getArray(1);
          return values == null ? List.<String>of() : Arrays.asList((String[]) values.getArray());
        })
        .forEach(values -> {
          if (values.contains("zstd")) {
            found.add(WireCompression.ZSTD);
          }
          if (values.contains("lz4")) {
            found.add(WireCompression.LZ4);
          }
        });
    return found;
  }

  private static int number(Map<String, String> settings, String name) {
    return Integer.parseInt(settings.getOrDefault(name, "0"));
  }

  private static boolean isOn(Map<String, String> settings, String name) {
    return "on".equals(settings.get(name));
  }
}
