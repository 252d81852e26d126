package io.github.barman4j.server;

import io.github.barman4j.BarmanException;
import io.github.barman4j.postgres.RelationFile;
import io.github.barman4j.protocol.ConnectionSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out which relation a file belongs to: only its own database knows. For one thread. */
final class RelationNames {
  private static final String DATABASES =
      "select oid, datname, datname = current_database() from pg_database where datallowconn";

  /** pg_filenode_relation, manual, table 9.101; a TOAST table is told with the table that it belongs to. */
  private static final String NAME = """
      select format('%I.%I', n.nspname, c.relname)
             || coalesce((select format(' (of %I.%I)', tn.nspname, t.relname)
                            from pg_class t join pg_namespace tn on tn.oid = t.relnamespace
                           where t.reltoastrelid = c.oid and c.relkind = 't'
                              or t.oid = (select indrelid from pg_index where indexrelid = c.oid)
                           limit 1), '')
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.oid = pg_filenode_relation(?::oid, ?::oid)""";

  private final Sql sql;
  private final ConnectionSettings settings;
  private final String applicationName;
  private final Duration connectTimeout;
  private final Map<Long, String> databases = new HashMap<>();
  private final Map<Long, Optional<PostgresServer>> connections = new HashMap<>();
  private long current;

  RelationNames(
      Sql sql, ConnectionSettings settings, String applicationName, Duration connectTimeout) {
    this.sql = sql;
    this.settings = settings;
    this.applicationName = applicationName;
    this.connectTimeout = connectTimeout;
  }

  /** One for each file, in order; of one that nobody knows, the numbers. */
  List<String> of(List<RelationFile> files) {
    sql.list("listing the databases", DATABASES, row -> {
      databases.put(row.getLong(1), row.getString(2));
      current = row.getBoolean(3) ? row.getLong(1) : current;
      return true;
    });
    try {
      List<String> names = new ArrayList<>();
      for (RelationFile file : files) {
        names.add(name(file));
      }
      return names;
    } finally {
      connections.values().forEach(open -> open.ifPresent(PostgresServer::close));
    }
  }

  private String name(RelationFile file) {
    String database = databases.getOrDefault(file.database(), "");
    String where = file.database() == 0
        ? ""
        : " in database " + (database.isEmpty() ? Long.toString(file.database()) : database);
    return in(file.database())
            .flatMap(asked -> asked
                .list(
                    "asking which relation file " + file.relation() + " is",
                    NAME,
                    row -> row.getString(1),
                    file.tablespace(),
                    file.relation())
                .stream()
                .findFirst())
            .orElse("relation file " + file.relation())
        + where;
  }

  private Optional<Sql> in(long database) {
    if (database == 0 || database == current) {
      return Optional.of(sql);
    }
    return connections.computeIfAbsent(database, this::connect).map(PostgresServer::sql);
  }

  /** A database that lets nobody in leaves its relations without names, and nothing worse. */
  private Optional<PostgresServer> connect(long database) {
    String name = databases.get(database);
    if (name == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          PostgresServer.connect(settings.inDatabase(name), applicationName, connectTimeout));
    } catch (BarmanException e) {
      return Optional.empty();
    }
  }
}
