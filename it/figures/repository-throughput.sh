#!/usr/bin/env bash
# Prints how fast the repository alone, without a server and with 256 MB of heap, stores the data directory of a stopped pgbench
# database, stores it again unchanged, and reads it back, plain and encrypted; and the same for 20 000 files of 8 KiB. The first
# round warms up.
#
#   it/figures/repository-throughput.sh [scale] [threads]      scale 70 (default) is about 1 GB; 2 threads
#
# Needs Debian's postgresql-15 and compiled tests (mvn -B test-compile). As root it runs the server in a user namespace.
set -euo pipefail

scale=${1:-70}
threads=${2:-2}
bin=/usr/lib/postgresql/15/bin
project=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/barman-figures-XXXXXX)
if [ "$(id -u)" = 0 ]; then as_user() { unshare -U "$@"; }; else as_user() { "$@"; }; fi

clean_up() {
  as_user "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT

as_user "$bin/initdb" -D "$work/data" -A trust -U postgres --no-sync >/dev/null
as_user "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w -o "-k $work -c listen_addresses= -c fsync=off" start >/dev/null
"$bin/pgbench" -h "$work" -U postgres -i -s "$scale" -q postgres 2>/dev/null
as_user "$bin/pg_ctl" -D "$work/data" -m fast -w stop >/dev/null
rm -rf "$work"/data/pg_wal/0*
mkdir "$work/small"
for i in $(seq 1 20000); do head -c 8192 < <(yes "page $i") >"$work/small/$i"; done

(cd "$project" && mvn -B -q -pl core dependency:build-classpath -Dmdep.outputFile="$work/jars")
path="$project/core/target/classes:$project/it/target/test-classes:$(cat "$work/jars")"
measure() {
  echo "== $1"
  java -Xmx256m -cp "$path" io.github.barman4j.it.repository.RepositoryThroughput "$2" "$work/repository-$1" "$threads" 3 "${@:3}"
  rm -rf "$work/repository-$1"
}
measure pgbench "$work/data"
measure pgbench-encrypted "$work/data" "a passphrase for figures"
measure small-files "$work/small"
