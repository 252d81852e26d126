#!/usr/bin/env bash
# Runs every scenario of the catalogue once, on the default version of PostgreSQL, after an install. Prints what each scenario came to,
# variant by variant, and how many passed; fails when one did neither pass nor was
# skipped, with its reason, for what this machine lacks. -Dbarman.drill.failWhenSkipped=true fails for the latter as well.
#
#   it/figures/all-drills.sh                                      on the version that this release names
#   it/figures/all-drills.sh -Dbarman.drill.postgresVersion=15    on another one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

report=target/barman/drill.json
rm -f "$report"
status=0
mvn -B barman:drill -Dbarman.drill.scenarios=all "$@" || status=$?
python3 - "$report" <<'PY' || status=1
import json, sys
report = json.load(open(sys.argv[1]))
scenarios = {}
for run in report["scenarios"]:
    scenarios.setdefault(run["id"] + " " + run["name"], []).append(run)
for name, runs in scenarios.items():
    print(name + ": " + ", ".join((run.get("variant") or "once") + " " + run["verdict"] for run in runs))
    for run in runs:
        if run["verdict"] == "skipped":
            print("    " + "; ".join(run["reasons"]))
skipped = [runs for runs in scenarios.values() if all(run["verdict"] == "skipped" for run in runs)]
passed = [runs for runs in scenarios.values() if all(run["verdict"] == "passed" for run in runs)]
checks = [check for run in report["scenarios"] for check in run["checks"]]
print("%d of %d scenarios passed, %d skipped, in %d runs with %d checks, %.0f s on PostgreSQL %s, %s" % (
    len(passed), len(scenarios), len(skipped), len(report["scenarios"]), len(checks), report["seconds"], report["environment"]["postgres"], report["environment"]["kind"]))
sys.exit(len(passed) + len(skipped) != len(scenarios))
PY
exit "$status"
