#!/usr/bin/env bash
# Runs README.md's first command on a fresh clone with an empty local Maven repository, twice: the second time everything is
# downloaded already, and that is the time that counts. Prints what drill.json says of S01.
#
#   it/figures/fresh-clone.sh            as who runs it
#   it/figures/fresh-clone.sh <user>     as that user; needs root
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

user=${1:-$(id -un)}
work=$(mktemp -d /tmp/barman-clone-XXXXXX)
trap 'rm -rf "$work"' EXIT
git clone -q . "$work/clone"
mkdir "$work/home"
[ "$user" = "$(id -un)" ] || chown -R "$user" "$work"
chmod 755 "$work"
command=$(sed -n '/^## Run a drill$/,/^## /p' README.md | sed -n '/^```sh$/,/^```$/p' | sed '1d;$d')

run() {
  local start end
  start=$(date +%s)
  if [ "$user" = "$(id -un)" ]; then
    (cd "$work/clone" && MAVEN_OPTS="-Dmaven.repo.local=$work/home/repository" bash -c "$command") >"$work/log" 2>&1 || { tail -50 "$work/log"; exit 1; }
  else
    (cd "$work/clone" && runuser -u "$user" -- env HOME="$work/home" MAVEN_OPTS="-Dmaven.repo.local=$work/home/repository" bash -c "$command") >"$work/log" 2>&1 || { tail -50 "$work/log"; exit 1; }
  fi
  end=$(date +%s)
  echo "$1: $((end - start)) s, as $user: $(grep -o 'BUILD SUCCESS' "$work/log" | tail -1)"
}

echo "\$ $command"
run "with the downloads"
find "$work/clone" -name target -prune -exec rm -rf {} +
run "without the downloads"
sed -n '/S01/p' "$work/log" | head -20
python3 - "$work/clone/target/barman/drill.json" <<'PY'
import json, sys
for s in json.load(open(sys.argv[1]))["scenarios"]:
    rpo = s["rpo"]
    print(s["id"], s.get("variant") or "", s["verdict"], "acknowledged", rpo["acknowledged"], "lost", rpo["lostTransactions"], "RTO", s["rto"]["seconds"], "s")
    for name, value in s.get("figures", {}).items(): print("   ", name, value)
    for reason in s["reasons"]: print("   ", reason)
    for check in s["checks"]: print("   ", check)
PY
