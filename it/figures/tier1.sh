#!/usr/bin/env bash
# Runs tier 1 of the drills on embedded servers, after an install, with a toxiproxy-server on the PATH. Prints what each scenario came to and
# how long all took; fails unless all passed, none was skipped, and it was under five minutes.
#
#   it/figures/tier1.sh                                      on the version that this release names
#   it/figures/tier1.sh -Dbarman.drill.postgresVersion=15    on another one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

command -v toxiproxy-server >/dev/null || { echo "tier1: there is no toxiproxy-server on the PATH" >&2; exit 1; }
report=target/barman/drill.json
rm -f "$report"
status=0
mvn -B barman:drill -Dbarman.drill.scenarios=tier1 -Dbarman.drill.environment=embedded -Dbarman.drill.failWhenSkipped=true "$@" || status=$?
python3 - "$report" <<'PY' || status=1
import json, os, sys
report = json.load(open(sys.argv[1]))
for run in report["scenarios"]:
    rpo, rto = run.get("rpo") or {}, run.get("rto") or {}
    figures = ", ".join("%s %s" % pair for pair in sorted((run.get("figures") or {}).items()) if pair[0].endswith("Millis"))
    print("%s %s (%s): %s, lost %s, RTO %s s%s" % (run["id"], run["name"], run.get("variant") or "once", run["verdict"],
        rpo.get("lostTransactions", "-"), rto.get("seconds", "-"), ", " + figures if figures else ""))
passed = sum(run["verdict"] == "passed" for run in report["scenarios"])
print("%d of %d runs of %d scenarios passed in %.0f s, of at most 300, on %d processors with PostgreSQL %s" % (
    passed, len(report["scenarios"]), len({run["id"] for run in report["scenarios"]}), report["seconds"], os.cpu_count(),
    report["environment"]["postgres"]))
sys.exit(passed != len(report["scenarios"]) or report["seconds"] >= 300)
PY
exit "$status"
