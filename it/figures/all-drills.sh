#!/usr/bin/env bash
# Runs every scenario of the catalogue once, on the default version of PostgreSQL, after an install. Prints what each scenario came to,
# variant by variant, and how many passed; fails unless all did and none was skipped.
#
#   it/figures/all-drills.sh                                      on the version that this release names
#   it/figures/all-drills.sh -Dbarman.drill.postgresVersion=15    on another one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

report=target/barman/drill.json
rm -f "$report"
status=0
mvn -B barman:drill -Dbarman.drill.scenarios=all -Dbarman.drill.failWhenSkipped=true "$@" || status=$?
python3 - "$report" <<'PY' || status=1
import json, sys
report = json.load(open(sys.argv[1]))
scenarios = {}
for run in report["scenarios"]:
    scenarios.setdefault(run["id"] + " " + run["name"], []).append(run)
for name, runs in scenarios.items():
    print(name + ": " + ", ".join((run.get("variant") or "once") + " " + run["verdict"] for run in runs))
passed = [runs for runs in scenarios.values() if all(run["verdict"] == "passed" for run in runs)]
checks = [check for run in report["scenarios"] for check in run["checks"]]
print("%d of %d scenarios passed, in %d runs with %d checks, %.0f s on PostgreSQL %s, %s" % (
    len(passed), len(scenarios), len(report["scenarios"]), len(checks), report["seconds"], report["environment"]["postgres"], report["environment"]["kind"]))
sys.exit(len(passed) != len(scenarios))
PY
exit "$status"
