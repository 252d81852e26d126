#!/usr/bin/env bash
# Runs every scenario of the catalogue once, with the servers in containers, after an install; prints and fails as all-drills.sh does.
# The network is broken by a container, too. Where no image registry can be reached, make the images first: it/images/build.sh.
#
#   it/figures/docker-drills.sh                                       on the image postgres:<version> of the version that this release names
#   it/figures/docker-drills.sh -Dbarman.drill.postgresVersion=15     on another one
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/all-drills.sh" -Dbarman.drill.environment=docker \
  -Dbarman.drill.toxiproxyImage=ghcr.io/shopify/toxiproxy:2.12.0 -Dbarman.drill.failWhenSkipped=true "$@"
