#!/usr/bin/env bash
# Prints how many transactions a second pgbench commits, with 4 clients, while nobody, pg_receivewal --synchronous or the
# engine's receiver is the synchronous standby: in turn, several rounds, medians.
#
#   it/figures/synchronous-commit.sh [seconds] [rounds]      15 seconds of each, 5 rounds by default
#
# Needs Debian's postgresql-15 and compiled tests (mvn -B test-compile). As root it runs the server in a user namespace.
# Server, spool and archive share a disk. Run it on a quiet machine.
set -euo pipefail

seconds=${1:-15}
rounds=${2:-5}
bin=/usr/lib/postgresql/15/bin
project=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/barman-figures-XXXXXX)
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
receiver=
if [ "$(id -u)" = 0 ]; then as_user() { unshare -U "$@"; }; else as_user() { "$@"; }; fi
sql() { "$bin/psql" -X -q -At -h "$work" -p "$port" -U postgres -c "$1" postgres; }

clean_up() {
  [ -n "$receiver" ] && kill "$receiver" 2>/dev/null || true
  as_user "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT

as_user "$bin/initdb" -D "$work/data" -A trust -U postgres >/dev/null
cat >>"$work/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$work'
max_wal_size = 16GB
checkpoint_timeout = 1h
shared_buffers = 512MB
CONF
as_user "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w start >/dev/null
"$bin/pgbench" -h "$work" -p "$port" -U postgres -i -s 20 -q postgres 2>/dev/null
mvn -B -q -f "$project/core/pom.xml" dependency:build-classpath -Dmdep.outputFile="$work/classpath" >/dev/null
classpath="$project/core/target/classes:$project/harness/target/classes:$project/it/target/test-classes:$(cat "$work/classpath")"
mkdir "$work/received"
sql "SELECT pg_create_physical_replication_slot('theirs', true), pg_create_physical_replication_slot('ours', true)" >/dev/null
mkfifo "$work/input"

begin() { # begin NAME: the receiver runs and is the synchronous standby
  case $1 in
  nobody) ;;
  theirs)
    PGAPPNAME=theirs "$bin/pg_receivewal" -h "$work" -p "$port" -U postgres -D "$work/received" -S theirs --synchronous >>"$work/log" 2>&1 &
    receiver=$!
    ;;
  ours)
    java -Xmx256m -cp "$classpath" io.github.barman4j.it.receive.ReceiverProcess \
      "jdbc:postgresql://127.0.0.1:$port/postgres" postgres ours "$work/repository" "$work/spool" <"$work/input" >>"$work/log" 2>&1 &
    receiver=$!
    exec 9>"$work/input"
    ;;
  esac
  [ "$1" = nobody ] && standby= || standby=$1
  for _ in $(seq 600); do
    [ "$1" = nobody ] && break
    [ "$(sql "SELECT count(*) FROM pg_stat_replication WHERE application_name = '$1' AND state = 'streaming'")" = 1 ] && break
    sleep 0.1
  done
  sql "ALTER SYSTEM SET synchronous_standby_names = '$standby'"
  sql "SELECT pg_reload_conf()" >/dev/null
}
end() {
  sql "ALTER SYSTEM SET synchronous_standby_names = ''"
  sql "SELECT pg_reload_conf()" >/dev/null
  if [ -n "$receiver" ]; then
    exec 9>&- || true
    kill -INT "$receiver" 2>/dev/null || true
    wait "$receiver" || true
    receiver=
  fi
}
tps() {
  "$bin/pgbench" -h "$work" -p "$port" -U postgres -n -c 4 -j 2 -T "$seconds" postgres 2>/dev/null | sed -n 's/^tps = \([0-9]*\).*/\1/p'
}
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

declare -A found=([nobody]="" [theirs]="" [ours]="")
for round in $(seq "$rounds"); do
  for name in nobody theirs ours; do
    begin "$name"
    [ "$round" = 1 ] && tps >/dev/null
    found[$name]+=" $(tps)"
    [ "$name" = nobody ] || [ "$(sql "SELECT sync_state FROM pg_stat_replication WHERE application_name = '$name'")" = sync ] || echo "$name was not synchronous"
    end
  done
done
# shellcheck disable=SC2086
for name in nobody theirs ours; do
  label=$(case $name in nobody) echo "no synchronous standby" ;; theirs) echo "pg_receivewal --synchronous" ;; ours) echo "the engine's receiver" ;; esac)
  printf '%-28s tps:%s  median %s\n' "$label" "${found[$name]}" "$(median ${found[$name]})"
done
