#!/usr/bin/env bash
# Shows what of the engine works on PostgreSQL 19, after an install: a round trip with the goals, by a second backup and received log,
# compared table by table and checked by pg_amcheck; then S01, S04 and S05 in containers. Makes the image postgres:19 from Debian's experimental suite first: there are no embedded binaries of it yet.
#
#   it/figures/postgres-19.sh [scale]      pgbench's scale, 20 by default, is about 300 MB
#
# Needs Docker, root and debootstrap.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

scale=${1:-20}
image=postgres:19
name=barman-figures-$$
work=$(mktemp -d /tmp/barman-figures-XXXXXX)
chmod 755 "$work"
receiver=

clean_up() {
  [ -z "$receiver" ] || kill "$receiver" 2>/dev/null || true
  docker rm -f -v "$name-primary" "$name-restored" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT

say() { printf '\n== %s\n' "$*"; }
goal() {
  local goal=$1
  shift
  PGUSER=postgres PGPASSWORD=figures timeout 900 mvn -B "barman:$goal" "-Dbarman.repository=$work/repository" "$@"
}
told() { grep -E '^\[(INFO|WARNING|ERROR)\] [a-z]' | cut -c1-160; } # what the goal says, without Maven's frame
# By TCP: the entry point has a server without it first.
sql() { docker exec -u postgres "$name-$1" psql -h 127.0.0.1 -X -q -At -d "${3:-bench}" -c "$2"; }
await() { # await SERVER: it takes statements and has ended its recovery
  for _ in $(seq 300); do
    [ "$(sql "$1" 'select pg_is_in_recovery()' postgres 2>/dev/null)" = f ] && return
    sleep 0.2
  done
  docker logs --tail 30 "$name-$1" >&2
  exit 1
}
hashes() { # one line for every table: name, rows and a hash of the content that does not depend on the order
  local table
  for table in $(sql "$1" "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'public' order by 1"); do
    echo "$table $(sql "$1" "select count(*) || ' ' || coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0) from $table t")"
  done
}
pgbench() { docker exec -u postgres "$name-primary" pgbench "$@" bench >/dev/null 2>&1; }

it/images/build.sh postgres_19

say "a server in a container, pgbench scale $scale"
docker run -d --name "$name-primary" -e POSTGRES_PASSWORD=figures -e POSTGRES_DB=bench -p 127.0.0.1::5432 "$image" >/dev/null
await primary
docker exec -u postgres "$name-primary" sh -c 'echo "host replication all all scram-sha-256" >>"$PGDATA/pg_hba.conf"'
sql primary 'select pg_reload_conf()' >/dev/null
pgbench -i -s "$scale"
sql primary 'select version()'
url=-Dbarman.url=jdbc:postgresql://127.0.0.1:$(docker port "$name-primary" 5432/tcp | sed -n '1s/.*://p')/bench

say "the receiver, a base backup, more transactions, a second backup, more transactions"
PGUSER=postgres PGPASSWORD=figures mvn -B barman:receive-wal "-Dbarman.repository=$work/repository" "$url" >"$work/receiver.log" 2>&1 &
receiver=$!
for _ in $(seq 300); do
  [ "$(sql primary "select count(*) from pg_stat_replication where application_name = 'barman'")" = 1 ] && break
  sleep 0.2
done
sql primary "alter system set synchronous_standby_names = 'barman'"
sql primary 'select pg_reload_conf()' >/dev/null
goal backup "$url" | told
pgbench -n -c 4 -t 2000
goal backup "$url" | told
pgbench -n -c 4 -t 2000
hashes primary >"$work/expected"

say "the server is killed and its disk deleted; the latest backup and all received log are restored"
docker rm -f -v "$name-primary" >/dev/null
goal verify-backup | told
start=$(date +%s.%N)
goal restore "-Dbarman.restoreTo=$work/restored" | told
docker run -d --name "$name-restored" -e "PGDATA=$work/restored" -v "$work:$work" "$image" >/dev/null
await restored
echo "restored and writable in $(python3 -c "print(f'{$(date +%s.%N) - $start:.2f}')") s, two starts of Maven and Docker included"
hashes restored >"$work/found"
cat "$work/found"
diff "$work/expected" "$work/found" || { echo "THE TABLES DIFFER" >&2; exit 1; }
echo "all tables are equal"
docker exec -u postgres "$name-restored" pg_amcheck --install-missing --heapallindexed -d bench && echo "pg_amcheck found nothing"
sql restored 'create table writable(i int)' && echo "the restored server commits, although the original waited for a synchronous standby"
docker rm -f -v "$name-restored" >/dev/null

say "S01, S04 and S05 in containers of the same image"
it/figures/docker-drills.sh -Dbarman.drill.scenarios=S01,S04,S05 -Dbarman.drill.postgresImage="$image"
