#!/usr/bin/env bash
# Prints how many of the bytes that are flipped in the repository of a real backup are found by a verification.
#
#   it/figures/byte-flips.sh [bytes] [seed]      10 000 (default) bytes, chosen by the seed
#
# Needs Debian's postgresql-15 and compiled tests (mvn -B test-compile). As root it runs the server in a user namespace.
set -euo pipefail

bytes=${1:-10000}
seed=${2:-20261126}
bin=/usr/lib/postgresql/15/bin
project=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/barman-figures-XXXXXX)
if [ "$(id -u)" = 0 ]; then as_user() { unshare -U "$@"; }; else as_user() { "$@"; }; fi

clean_up() {
  as_user "$bin/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT

port=$((20000 + RANDOM % 20000))
as_user "$bin/initdb" -k -D "$work/data" -A trust -U postgres --no-sync >/dev/null
as_user "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w \
  -o "-k $work -c listen_addresses=127.0.0.1 -c port=$port -c fsync=off -c autovacuum=off" start >/dev/null
"$bin/pgbench" -h 127.0.0.1 -p "$port" -U postgres -i -s 1 -q postgres 2>/dev/null

(cd "$project" && mvn -B -q -pl core dependency:build-classpath -Dmdep.outputFile="$work/jars" ${MAVEN_ARGS:-})
path="$project/core/target/classes:$project/it/target/test-classes:$(cat "$work/jars")"
java -Xmx256m -cp "$path" io.github.barman4j.it.verify.ByteFlips \
  "jdbc:postgresql://127.0.0.1:$port/postgres" postgres none "$work/repository" "$bytes" "$seed"
