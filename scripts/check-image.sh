#!/usr/bin/env bash
# Checks the image without a container engine. Carries out the Dockerfile's RUN lines on a copy of what it would
# copy, and runs the result like a container: in an otherwise empty, read-only root without a shell, as user 1654, against a migrated
# database. Fails when it writes, starts too slowly, holds too much memory or doesn't end in time. Needs root, for the mounts.
# Usage: scripts/check-image.sh          limits: READY_MS (1500), IDLE_MIB (120); a busy machine needs more milliseconds
set -euo pipefail

# shellcheck source=scripts/servers.sh
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"

ready_limit=${READY_MS:-1500}
idle_limit=${IDLE_MIB:-120}
user=1654
work= program= problems=0

main() {
  [ "$(id -u)" -eq 0 ] && [ -d /proc/self/ns ] || die "scripts/check-image.sh mounts things: it needs Linux and root."
  [ -n "${in_namespace:-}" ] || in_namespace=yes exec unshare --mount --propagation private -- bash "$0" "$@"
  prepare_local_dir
  require_sdk
  require_servers postgres
  on_exit=clean_up
  work=$(mktemp -d /tmp/marketsapi-image.XXXXXX)
  chmod 755 "$work"
  make_app
  start_test_servers postgres
  query_postgres "$postgres_folder" postgres "CREATE DATABASE markets"
  make_root
  check
  [ "$problems" -eq 0 ] || die "$problems of the checks failed."
  say "All checks passed."
}

clean_up() {
  [ -z "$program" ] || kill -KILL "$program" 2>/dev/null || :
  stop_test_servers
  umount -R -l "$work/root" 2>/dev/null || :
  rm -rf --one-file-system "$work"
}

# ---- the build stage ----

make_app() {
  local copied
  mkdir "$work/src"
  copied=$(sed -n 's/^COPY \(.*\) \.\/$/\1/p' "$root/Dockerfile" | head -n 1)
  # shellcheck disable=SC2086 # a list of files
  (cd "$root" && cp $copied "$work/src")
  say "Restoring …"
  run_line 1
  run_line 2
  # What .dockerignore leaves: its names without a pattern are all at the top.
  (cd "$root" && git ls-files -co --exclude-standard |
    { grep -vE "^($(grep -E '^[A-Za-z.]+$' .dockerignore | tr '\n' '|')none)(/|$)" || :; } | tar -cf - -T -) | tar -xf - -C "$work/src"
  say "Publishing …"
  run_line 3
  [ -z "$(find "$work/app" -name '*.md' -o -name '*.cs' -o -name '*.http' -o -name 'packages.lock.json')" ] || problem "the image has files of developers"
}

run_line() { # NUMBER: the Dockerfile's RUN lines, continued ones joined
  local line
  line=$(sed -e ':again' -e '/\\$/N; s/\\\n//; t again' "$root/Dockerfile" | sed -n 's/^RUN //p' | sed -n "$1p")
  line=${line//\/app/$work\/app}
  (cd "$work/src" && run_quietly "$work/build.log" bash -c "$line") || die "RUN failed: $line"
}

# ---- the run-time image ----

make_root() {
  local dotnet path
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  mkdir -p "$work/root"
  mount -t tmpfs -o mode=755 tmpfs "$work/root"
  mkdir "$work/root"/{etc,proc,dev,tmp}
  echo "127.0.0.1 localhost" >"$work/root/etc/hosts"
  show "$work/app" /app
  show "$dotnet" /dotnet
  for path in /lib /lib64 /usr/lib; do
    [ ! -d "$path" ] || show "$path" "$path"
  done
  mount --rbind /proc "$work/root/proc"
  for path in null urandom; do
    : >"$work/root/dev/$path"
    mount --bind "/dev/$path" "$work/root/dev/$path"
  done
  mount -o remount,ro "$work/root"
}

show() { # FOLDER WHERE: read-only
  mkdir -p "$work/root$2"
  mount --bind "$1" "$work/root$2"
  mount -o remount,bind,ro "$work/root$2"
}

inside() { # ARGUMENT...: the program in its root, with the image's environment
  local settings=() line
  while read -r line; do
    settings+=("$line")
  done < <(sed -e ':again' -e '/\\$/N; s/\\\n//; t again' "$root/Dockerfile" | sed -n 's/^ENV //p' | tr -s ' ' '\n')
  exec env -i "${settings[@]}" PORT="$port" JWT_SECRET=0123456789abcdef0123456789abcdef \
    "ConnectionStrings__Postgres=$(postgres_connection "$postgres_folder" markets)" \
    "$(command -v chroot)" --userspec="$user:$user" "$work/root" /dotnet/dotnet /app/MarketsApi.dll "$@"
}

# ---- the checks ----

problem() { # SENTENCE
  say "Problem: $1."
  problems=$((problems + 1))
}

now() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

check() {
  local began took code=0 idle drain
  port=$(free_port)
  drain=$(sed -n 's/.*Shutdown__DrainSeconds=\([0-9]*\).*/\1/p' "$root/Dockerfile")
  (inside migrate) >"$work/migrate.log" 2>&1 || die "migrate failed: $(cat "$work/migrate.log")"
  began=$(now)
  (inside) >"$work/out.log" 2>"$work/err.log" &
  program=$!
  until [ "$(http_status "$port" /health/ready)" = 200 ]; do
    is_alive "$program" || die "It ended: $(cat "$work/out.log" "$work/err.log")"
    sleep 0.01
  done
  took=$(($(now) - began))
  say "Ready after $took ms."
  [ "$took" -lt "$ready_limit" ] || problem "it takes $took ms to be ready, more than $ready_limit"
  sleep 1
  idle=$(awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$program/status")
  say "$idle MiB resident when idle, as user $(awk '/^Uid/ { print $2 }' "/proc/$program/status")."
  [ "$idle" -lt "$idle_limit" ] || problem "it holds $idle MiB when idle, $idle_limit or more"
  [ "$(awk '/^Uid/ { print $2, $3, $4 }' "/proc/$program/status")" = "$user $user $user" ] || problem "it runs as another user"
  ! touch "/proc/$program/root/written" 2>/dev/null || problem "its root can be written to"
  began=$(now)
  (inside health) >"$work/health.log" 2>&1 || problem "the health check fails: $(cat "$work/health.log")"
  say "The health check takes $(($(now) - began)) ms."
  began=$(now)
  kill -TERM "$program"
  wait "$program" || code=$?
  took=$(($(now) - began))
  say "Ended with $code, $took ms after SIGTERM."
  [ "$code" -eq 0 ] || problem "it ends with $code"
  [ "$took" -ge $((drain * 1000)) ] && [ "$took" -lt $((drain * 1000 + 2000)) ] || problem "it ends after $took ms, with $drain s to drain"
  [ ! -s "$work/err.log" ] || problem "it complains: $(cat "$work/err.log")"
  ! grep -E '"level":"(Warning|Error|Critical)"' "$work/out.log" || problem "it logs warnings"
  program=
}

port=
handle_signals
main "$@"
