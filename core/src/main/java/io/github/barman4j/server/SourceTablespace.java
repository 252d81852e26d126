package io.github.barman4j.server;

/**
 * A tablespace besides pg_default and pg_global.
 *
 * @param oid unsigned
 * @param name as in {@code CREATE TABLESPACE}; empty where only the replication protocol was asked, which does not say it
 * @param location the absolute path on the server, or a path relative to the data directory for one that lies inside it
 */
public record SourceTablespace(long oid, String name, String location) {
  /** Whether it lies in the data directory itself (allow_in_place_tablespaces), where there is no link. */
  public boolean inPlace() {
    return !location.startsWith("/");
  }
}
