#!/usr/bin/env bash
# Crashes the engine everywhere, on real servers: SIGKILL just before each kind of durable step on each kind of file (the first, the
# middle and the last time) in backup, receive, restore and delete, and at 200 random moments on PostgreSQL 15 to 18; loss of power, an
# I/O error and a full disk at each kind of call to the disk. Prints, for each: crashes, acknowledged commits, how many of them are lost,
# backups listed, crashes with something wrong. Takes long; -Dseed=<seed> repeats the choices of an earlier run,
# -Dbarman.crash.harms=IO_ERROR (or POWER_LOSS, FULL_DISK) does only that to the disk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

figures=it/target/crash/figures.txt
rm -f "$figures"
status=0
mvn -B -q verify -pl it -am -Dit.test='KillPointsIT,DiskPointsIT,PowerLossIT' -Dtest=none -Dbarman.crash=all \
  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dinvoker.skip "$@" || status=$?
cat "$figures"
exit "$status"
