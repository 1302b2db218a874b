#!/usr/bin/env bash
# Installs Debian or Ubuntu packages of servers for their binaries only: no system cluster, no running service, neither now nor
# after a reboot. Needs root; ./run and ./test call it, with sudo where they have to.
# Usage: install-debian.sh PACKAGE[>=MAJOR-VERSION]...
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
no_cluster=/etc/postgresql-common/createcluster.d/marketsapi.conf # read while a package of a server is configured
policy=/usr/sbin/policy-rc.d                                      # asked before a package starts a service
policy_before=

# Two checkouts may get here at once: they take turns over the files that are put in place for a moment.
if command -v flock >/dev/null; then
  exec 7>/run/marketsapi-install.lock
  flock 7
fi

put_back() {
  rm -f "$no_cluster"
  rmdir -p --ignore-fail-on-non-empty "${no_cluster%/*}" 2>/dev/null || :
  if [ -n "$policy_before" ]; then
    mv -f "$policy_before" "$policy"
  elif grep -qs marketsapi "$policy"; then
    rm -f "$policy"
  fi
}
trap put_back EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir -p "${no_cluster%/*}"
echo "create_main_cluster = false" >"$no_cluster"
if [ -e "$policy" ] && ! grep -q marketsapi "$policy"; then
  policy_before=$policy.before-marketsapi
  mv -f "$policy" "$policy_before"
fi
printf '#!/bin/sh\n# marketsapi: services stay down while its packages are installed\nexit 101\n' >"$policy"
chmod 755 "$policy"

apt() {
  apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 -o Acquire::http::Timeout=30 "$@" </dev/null
}

# The package lists have a lock that apt does not wait for.
apt update || { sleep 5 && apt update; } || :

names=()
for wanted in "$@"; do
  name=${wanted%%>=*}
  if [ "$name" != "$wanted" ]; then
    major=$(apt-cache policy "$name" | sed -n -E 's/^ *Candidate: *([0-9]+:)?([0-9]+).*/\2/p')
    if [ "${major:-0}" -lt "${wanted##*>=}" ]; then
      echo "This system's package sources have $name ${major:-not at all}; wanted is ${wanted##*>=} or later." >&2
      exit 1
    fi
  fi
  names+=("$name")
done

new=()
for server in redis-server pgbouncer; do
  command -v "$server" >/dev/null || new+=("$server")
done
apt install --no-install-recommends "${names[@]}"
for server in ${new[@]+"${new[@]}"}; do
  if command -v "$server" >/dev/null; then
    if command -v systemctl >/dev/null; then
      systemctl disable "$server"
    else
      update-rc.d "$server" disable
    fi >/dev/null 2>&1 || :
  fi
done
