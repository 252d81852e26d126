#!/usr/bin/env bash
# Lets each fuzzer look for new cases for so many seconds and prints how many inputs it tried and how much it reached. What is found is
# written below it/src/test/resources, where every later build tries it; commit it with the mending.
#
#   it/figures/fuzz.sh [seconds]     for each fuzzer (60)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
rm -f it/target/failsafe-reports/failsafe-summary*.xml
status=0
mvn -B verify -pl it -am -Dit.test=none -Dtest=none -Dfuzz.duration="${1:-60}s" -Dsurefire.failIfNoSpecifiedTests=false \
  -Dfailsafe.failIfNoSpecifiedTests=false -Dinvoker.skip -Djacoco.skip -Dspotless.check.skip "${@:2}" >"$log" 2>&1 || status=$?
sed -nE 's/^.*Running io\.github\.barman4j\.(.*Fuzz).*$/\1/p; s/^#[0-9]+\s+DONE +(cov: [0-9]+).*$/  \1/p; s/^(Done .* runs in .*)$/  \1/p; /FuzzTestFinding|BUILD/p' "$log"
exit "$status"
