# Read by the scripts beside it: images from packages alone, for machines that reach no image registry.

images=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$images/../.." && pwd)
root_image=barman-it/root:bookworm

fail() {
  echo "images: $*" >&2
  exit 1
}

image_exists() {
  docker image inspect "$1" >/dev/null 2>&1
}

# What an image is made of, as one short name; it is kept in a label, so that an image is made anew when its parts have changed.
fingerprint() {
  cat "$@" | sha256sum | cut -c1-16
}

# Whether there is nothing to do: the image is there with these parts, or it is somebody else's, which is left alone.
is_current() {
  local image=$1 parts=$2 found
  image_exists "$image" || return 1
  found=$(docker image inspect -f '{{index .Config.Labels "barman.it.parts"}}' "$image")
  if [ -z "$found" ]; then
    echo "images: $image is there and not one of these; it is left as it is"
    return 0
  fi
  [ "$found" = "$parts" ]
}

# Makes an image from a folder with a Dockerfile. No step of it may need a network.
build() {
  local folder=$1 parts=$2 tag
  shift 2
  local tags=()
  for tag in "$@"; do
    tags+=(-t "$tag")
  done
  DOCKER_BUILDKIT=0 docker build -q --network none --label "barman.it.parts=$parts" "${tags[@]}" "$folder" >/dev/null
  echo "images: made $*"
}

# A Debian with the libraries that PostgreSQL needs and libfaketime.
root() {
  debian_root bookworm "$root_image" libfaketime postgres_account
}

postgres_account() {
  chroot "$1" groupadd -r -g 999 postgres &&
    chroot "$1" useradd -r -u 999 -g postgres -d /var/lib/postgresql -s /bin/bash postgres
}

# A Debian of a suite with packages in it; a function of the caller may do more in its folder. The packages are fetched by this machine, not by
# Docker. No server's data and nothing that only people read stays in it.
debian_root() {
  local suite=$1 image=$2 packages=$3 more=${4:-true} folder
  image_exists "$image" && return
  [ "$(id -u)" -eq 0 ] || fail "$image has to be made by root: debootstrap"
  command -v debootstrap >/dev/null || fail "debootstrap is missing"
  folder=$(mktemp -d)
  chmod 755 "$folder"
  { debootstrap --variant=minbase --include="$packages" "$suite" "$folder" && "$more" "$folder"; } >"$folder.log" 2>&1 \
    || { tail -20 "$folder.log" >&2; fail "$image could not be made"; }
  rm -rf "$folder"/var/cache/apt/* "$folder"/var/lib/apt/lists/* "$folder"/usr/share/doc/* "$folder"/usr/share/man/* \
    "$folder"/usr/share/locale/* "$folder"/var/log/* "$folder"/var/lib/postgresql/* "$folder"/etc/postgresql/*
  tar -C "$folder" --one-file-system -c . | docker import - "$image" >/dev/null
  rm -rf "$folder" "$folder.log"
  echo "images: made $image"
}
