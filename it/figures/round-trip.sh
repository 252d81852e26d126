#!/usr/bin/env bash
# Prints the figures of a round trip on Debian's PostgreSQL 15: backup and restore of a pgbench database under write load,
# beside pg_basebackup of the same server in the same run, then two further backups.
#
#   it/figures/round-trip.sh [scale]      scale 70 (default) is about 1 GB
#
# Needs root, Debian's postgresql-15 and postgresql-common, and the plugin in the local Maven repository (README.md, first
# command). The server keeps its configuration in a folder of its own and has synchronous_standby_names set.
set -euo pipefail

scale=${1:-70}
version=15
name=barmanfigures
plugin=io.github.barman4j:barman-maven-plugin:0.1.0-SNAPSHOT
bin=/usr/lib/postgresql/$version/bin
work=$(mktemp -d /tmp/barman-figures-XXXXXX)
chmod 755 "$work"
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
restored_port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
children=()

say() { printf '\n== %s\n' "$*"; }
as_postgres() { runuser -u postgres -- "$@"; }
sql() { as_postgres psql -X -q -At -p "$1" -d "${3:-bench}" -c "$2"; }
goal() {
  local goal=$1
  shift
  (cd "$work/empty" && MAVEN_OPTS="-Xmx256m ${MAVEN_OPTS:-}" PGUSER=backup PGPASSWORD=figures timeout 900 mvn -B "$plugin:$goal" "-Dbarman.repository=$work/repository" "$@")
}
now() { date +%s.%N; }
since() { python3 -c "print(f'{$(now) - $1:.2f}')"; }
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

clean_up() {
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  [ -d "$work/restored" ] && as_postgres "$bin/pg_ctl" -D "$work/restored" -m immediate stop >/dev/null 2>&1 || true
  pg_dropcluster --stop "$version" "$name" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT

hashes() { # one line for every table of the database: name and an order-independent hash of the content
  local tables
  tables=$(sql "$1" "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'public' order by 1")
  for table in $tables; do
    printf '%s %s\n' "$table" "$(sql "$1" "select count(*) || ' ' || coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0) from $table t")"
  done
}

load() { # load NAME: commits at a fixed rate until it is stopped; its progress lines are kept
  as_postgres "$bin/pgbench" -n -c 4 -j 1 -T 3600 -R 260 -P 1 -p "$port" bench >"$work/$1.log" 2>&1 &
  loader=$!
  children+=("$loader")
}
stop_load() {
  pkill -INT -f "pgbench -n -c 4 -j 1 -T 3600 -R 260 -P 1 -p $port" || true
  wait "$loader" 2>/dev/null || true
}
rate() { # the lowest and the mean commit rate over the progress lines of a load, the first second left out
  awk '/^progress:/ {if (n++) {t=$4; s+=t; if (!m || t<m) m=t}} END {printf "lowest second %.0f, mean %.0f commits/s over %d s\n", m, s/(n-1), n-1}' "$work/$1.log"
}
phases() { # name and seconds of each phase of a backup, from the goal's log
  sed -nE 's/^.*\[INFO\] (checkpoint|copy|sync|wal|catalog): ([0-9.]+) s.*$/  \1 \2/p' "$1"
}
stored() { du -sb "$work/repository/main/packs" | cut -f1; }

mkdir "$work/empty" "$work/peer"
chown postgres "$work/peer"
say "a server of its own, configuration in /etc/postgresql/$version/$name, pgbench scale $scale"
pg_createcluster "$version" "$name" --port "$port" -- --data-checksums >/dev/null
pg_conftool "$version" "$name" set max_wal_size 4GB
pg_conftool "$version" "$name" set shared_buffers 256MB
sed -i '1i host all,replication backup 127.0.0.1/32 scram-sha-256' "/etc/postgresql/$version/$name/pg_hba.conf"
pg_ctlcluster "$version" "$name" start
sql "$port" "create database bench" postgres
sql "$port" "create role backup superuser replication login password 'figures'"
as_postgres "$bin/pgbench" -i -q -s "$scale" -p "$port" bench >/dev/null 2>&1
sql "$port" "select 'database: ' || pg_size_pretty(pg_database_size('bench'))"
url="-Dbarman.url=jdbc:postgresql://127.0.0.1:$port/bench"

say "the receiver is the synchronous standby"
(cd "$work/empty" && MAVEN_OPTS="-Xmx256m ${MAVEN_OPTS:-}" PGUSER=backup PGPASSWORD=figures exec mvn -B "$plugin:receive-wal" "-Dbarman.repository=$work/repository" "$url") >"$work/receiver.log" 2>&1 &
children+=("$!")
for _ in $(seq 300); do
  [ "$(sql "$port" "select count(*) from pg_stat_replication where application_name = 'barman'")" = 1 ] && break
  sleep 0.2
done
sql "$port" "alter system set synchronous_standby_names = 'barman'" && sql "$port" "select pg_reload_conf()" >/dev/null
sql "$port" "checkpoint"

say "pg_basebackup and barman:backup in turn, without load (seconds)"
theirs=() ours=() engine=()
for turn in 1 2 3; do
  start=$(now)
  as_postgres "$bin/pg_basebackup" -p "$port" -D "$work/peer/$turn" -c fast -X stream
  theirs+=("$(since "$start")")
  rm -rf "$work/peer/$turn"
  start=$(now)
  goal backup "$url" -Dbarman.fresh=true >"$work/backup-$turn.log"
  ours+=("$(since "$start")")
  engine+=("$(phases "$work/backup-$turn.log" | awk '{ seconds += $2 } END { printf "%.2f", seconds }')")
done
echo "pg_basebackup:              ${theirs[*]}  median $(median "${theirs[@]}")"
echo "barman:backup, with Maven:  ${ours[*]}  median $(median "${ours[@]}")"
echo "the engine's part:          ${engine[*]}  median $(median "${engine[@]}")"
echo "where the time goes (last run):"
phases "$work/backup-3.log"

say "a backup with nothing changed"
before=$(stored); start=$(now)
goal backup "$url" >"$work/unchanged.log"
echo "$(since "$start") s with Maven, $(($(stored) - before)) bytes added"
phases "$work/unchanged.log"

say "a backup after 20 000 pgbench transactions"
as_postgres "$bin/pgbench" -n -c 4 -j 1 -t 5000 -p "$port" bench >/dev/null 2>&1
before=$(stored); start=$(now)
goal backup "$url" >"$work/changed.log"
echo "$(since "$start") s with Maven, $(($(stored) - before)) bytes added"
phases "$work/changed.log"

say "backup under write load"
load during
start=$(now)
goal backup "$url" -Dbarman.fresh=true >"$work/loaded.log"
echo "took $(since "$start") s with Maven under load"
stop_load
rate during
point=figures_point
sql "$port" "select pg_create_restore_point('$point')" >/dev/null
hashes "$port" >"$work/expected"
load after
sleep 5
stop_load
rate after
sql "$port" "select pg_switch_wal()" >/dev/null

say "restore to the restore point"
start=$(now)
goal restore "-Dbarman.restoreTo=$work/restored" "-Dbarman.targetName=$point" >"$work/restore.log"
echo "took $(since "$start") s with Maven"
as_postgres "$bin/pg_ctl" -w -t 300 -D "$work/restored" -l "$work/restored/start.log" \
  -o "-p $restored_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=/var/run/postgresql" start >/dev/null
for _ in $(seq 300); do
  [ "$(sql "$restored_port" "select pg_is_in_recovery()")" = f ] && break
  sleep 0.2
done
hashes "$restored_port" >"$work/found"
cat "$work/found"
if diff "$work/expected" "$work/found" >/dev/null; then
  echo "all tables are equal"
else
  echo "THE TABLES DIFFER"
  diff "$work/expected" "$work/found"
  exit 1
fi
sql "$restored_port" "create table writable(i int)" && echo "the restored server commits, although the original waits for a synchronous standby"
