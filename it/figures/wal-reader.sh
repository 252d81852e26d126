#!/usr/bin/env bash
# Prints how fast the engine reads write-ahead log, and compares every record with what pg_waldump says of it: pgbench's own
# transactions, then savepoints, two-phase commits, rollbacks, tables made and dropped, and long records.
#
#   it/figures/wal-reader.sh [seconds]      of each load, 60 by default
#
# Needs Debian's postgresql-15 and compiled tests (mvn -B test-compile). As root it runs the server in a user namespace.
set -euo pipefail

seconds=${1:-60}
bin=/usr/lib/postgresql/15/bin
project=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/barman-figures-XXXXXX)
if [ "$(id -u)" = 0 ]; then as_user() { unshare -U "$@"; }; else as_user() { "$@"; }; fi
sql() { "$bin/psql" -X -q -At -h "$work" -U postgres -c "$1" postgres; }
load() { "$bin/pgbench" -h "$work" -U postgres -n -c 4 -j 2 -T "$seconds" "$@" postgres >/dev/null 2>"$work/errors" || { cat "$work/errors"; return 1; }; }

clean_up() {
  as_user "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT

as_user "$bin/initdb" -D "$work/data" -A trust -U postgres --no-sync >/dev/null
cat >>"$work/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$work'
wal_level = logical
wal_keep_size = 64GB
max_wal_size = 16GB
max_prepared_transactions = 10
fsync = off
CONF
as_user "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w start >/dev/null
"$bin/pgbench" -h "$work" -U postgres -i -s 20 -q postgres 2>/dev/null
cat >"$work/mixed.sql" <<'SQL'
\set a random(1, 100000)
\set c random(1, 100)
BEGIN;
UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = :a;
SAVEPOINT s1;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, :a, 1, now());
SAVEPOINT s2;
DELETE FROM pgbench_history WHERE aid = :a;
ROLLBACK TO s2;
RELEASE s1;
\if :c < 10
ROLLBACK;
\elif :c < 30
PREPARE TRANSACTION 'gid :client_id :a';
COMMIT PREPARED 'gid :client_id :a';
\elif :c < 35
PREPARE TRANSACTION 'gid :client_id :a';
ROLLBACK PREPARED 'gid :client_id :a';
\else
COMMIT;
\endif
\if :c = 50
SELECT pg_create_restore_point('point :a');
\elif :c = 51
CREATE TABLE IF NOT EXISTS t:client_id (id int PRIMARY KEY, t text);
INSERT INTO t:client_id SELECT g, repeat(md5(g::text), 500) FROM generate_series(1, 50) g ON CONFLICT DO NOTHING;
\elif :c = 52
DROP TABLE IF EXISTS t:client_id;
\elif :c = 53
SELECT pg_logical_emit_message(false, 'm', repeat('y', 30 * :a));
\endif
SQL

measure() {
  local first=$1 last=$2
  java -Xmx256m -cp "$project/core/target/classes:$project/harness/target/classes:$project/it/target/test-classes" \
    io.github.barman4j.it.postgres.WalReaderFigures "$work/data/pg_wal" "$first" "$last" "$bin/pg_waldump"
}
first=$(sql "SELECT pg_walfile_name(pg_current_wal_lsn())")
echo "== pgbench"
load
sql "SELECT pg_switch_wal()" >/dev/null
last=$(sql "SELECT pg_walfile_name(pg_current_wal_lsn() - 16777216)")
measure "$first" "$last"
echo "== mixed"
first=$(sql "SELECT pg_walfile_name(pg_current_wal_lsn())")
load -f "$work/mixed.sql"
sql "SELECT pg_switch_wal()" >/dev/null
last=$(sql "SELECT pg_walfile_name(pg_current_wal_lsn() - 16777216)")
measure "$first" "$last"
