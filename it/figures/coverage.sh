#!/usr/bin/env bash
# Prints how much of core the tests of all modules cover, by package, and names the classes with the most lines that no test runs.
# Reads the report of the last whole build (README.md, second command): it/target/site/jacoco-aggregate.
#
#   it/figures/coverage.sh [lines]     exits with 1 when less than so many percent of the lines are covered (90)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

report=it/target/site/jacoco-aggregate/jacoco.csv
[ -f "$report" ] || { echo "there is no $report; run README.md's second command first" >&2; exit 2; }

python3 - "$report" "${1:-90}" <<'PY'
import collections, csv, sys

packages = collections.defaultdict(lambda: [0, 0, 0, 0])
missed = []
for row in csv.DictReader(open(sys.argv[1])):
    if not row["GROUP"].endswith("/barman-core"):
        continue
    figures = [int(row[name]) for name in ("LINE_COVERED", "LINE_MISSED", "BRANCH_COVERED", "BRANCH_MISSED")]
    for key in (row["PACKAGE"], ""):
        packages[key] = [a + b for a, b in zip(packages[key], figures)]
    missed.append((figures[1], row["PACKAGE"].removeprefix("io.github.barman4j").lstrip(".") + "." + row["CLASS"], figures))

def percent(covered, missing):
    return 100.0 * covered / (covered + missing) if covered + missing else 100.0

print(f"{'package':28} {'lines':>8} {'covered':>8} {'branches':>9} {'covered':>8}")
for name in sorted(packages, key=lambda key: (key == "", key)):
    lines, lines_missed, branches, branches_missed = packages[name]
    print(f"{name or 'core':28} {lines + lines_missed:8} {percent(lines, lines_missed):7.1f}% {branches + branches_missed:9} {percent(branches, branches_missed):7.1f}%")
print("\nthe classes with the most lines that no test runs:")
for count, name, figures in sorted(missed, reverse=True)[:25]:
    if count:
        print(f"{count:5} of {figures[0] + figures[1]:4}  {name}")
sys.exit(percent(*packages[""][:2]) < float(sys.argv[2]))
PY
