# shellcheck shell=bash
# Private PostgreSQL clusters: finding or installing the binaries, making a cluster, starting and stopping it. A cluster lives
# in a folder of its own (data, password, log) and listens on loopback only. Sourced after common.sh.
# shellcheck disable=SC2154 # what common.sh has set

postgres_minimum=15
postgres_bin=   # folder of the binaries
postgres_major= # their major version
postgres_port=  # of the cluster that postgres_start has started

# ---- binaries ----

# Sets postgres_bin to the newest usable binaries, or to those of one MAJOR version; fails where there are none.
find_postgres() { # [MAJOR]
  local dir major
  postgres_bin='' postgres_major=0
  for dir in \
    "$(dirname "$(command -v initdb || echo /none/initdb)")" \
    /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
    "$(pg_config --bindir 2>/dev/null || :)" \
    /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin /opt/homebrew/bin /usr/local/pgsql/bin \
    /Applications/Postgres.app/Contents/Versions/*/bin; do
    if [ ! -x "$dir/initdb" ] || [ ! -x "$dir/pg_ctl" ] || [ ! -x "$dir/postgres" ] || [ ! -x "$dir/psql" ]; then
      continue
    fi
    major=$("$dir/postgres" --version | sed -n 's/^[^0-9]*\([0-9][0-9]*\).*/\1/p')
    if [ "${1:-$major}" = "$major" ] && [ "$major" -ge "$postgres_minimum" ] && [ "$major" -gt "$postgres_major" ]; then
      postgres_bin=$dir postgres_major=$major
    fi
  done
  [ -n "$postgres_bin" ]
}

# ---- the account ----

# PostgreSQL doesn't run as root. Root runs it as the owner of the data, for a new cluster as `postgres`.
postgres_account() { # FOLDER
  local owner account
  if [ "$(id -u)" -ne 0 ]; then
    id -un
    return
  fi
  owner=$([ -d "$1/data" ] && owner_of "$1/data/" || echo root)
  for account in "$owner" postgres _postgres "${SUDO_USER:-}" nobody; do
    if [ -n "$account" ] && [ "$account" != root ] && id -u "$account" >/dev/null 2>&1; then
      echo "$account"
      return
    fi
  done
}

# Runs a command as the account of FOLDER's cluster. From /, since the current folder may be closed to it.
as_postgres() { # FOLDER COMMAND ARGUMENT...
  local account
  account=$(postgres_account "$1")
  shift
  (
    cd /
    if [ "$account" = "$(id -un)" ]; then
      exec "$@"
    elif command -v setpriv >/dev/null; then
      exec setpriv --reuid="$account" --regid="$(id -gn "$account")" --init-groups -- "$@"
    elif command -v runuser >/dev/null; then
      exec runuser -u "$account" -- "$@"
    else
      # shellcheck disable=SC2016
      exec su "$account" -s /bin/sh -c 'exec "$0" "$@"' -- "$@"
    fi
  )
}

# ---- the folder ----

# Sets postgres_folder to the folder of the cluster NAME: .local/NAME, or where PostgreSQL's account cannot work there (a folder
# above that is closed to it, a file system without permissions) one under /var/tmp, or at once one under BASE, with .local/NAME as a
# link to it.
postgres_folder=
prepare_postgres_folder() { # NAME [BASE]
  local folder=$local_dir/$1 base=${2:-} elsewhere
  if [ ! -e "$folder" ]; then
    rm -f "$folder" # a link to a folder that is gone
    if [ -z "$base" ]; then
      mkdir "$folder"
      if ! postgres_can_use "$folder"; then
        rmdir "$folder"
        base=/var/tmp
      fi
    fi
    if [ -n "$base" ]; then
      sweep_postgres_folders
      elsewhere=$(mktemp -d "$base/marketsapi.XXXXXX")
      ln -s "$elsewhere" "$folder" # before the next line, or another checkout's sweep would take it for a leftover
      echo "$folder" >"$elsewhere/linked-from"
      postgres_can_use "$elsewhere" || die "PostgreSQL's account ($(postgres_account "$elsewhere")) can use neither $local_dir nor $elsewhere."
    fi
  fi
  if ! postgres_folder=$(cd "$folder" 2>/dev/null && pwd -P) || ! as_postgres "$postgres_folder" test -w "$postgres_folder"; then
    die "$folder belongs to $(owner_of "$folder/."): run this as that user, or delete that folder (and its data) first."
  fi
}

# Gives FOLDER to PostgreSQL's account, and says whether that account can keep something private there.
postgres_can_use() { # FOLDER
  { chmod 700 "$1" && chown "$(postgres_account "$1")" "$1"; } 2>/dev/null || return 1
  # shellcheck disable=SC2016
  as_postgres "$1" sh -c 'mkdir -m 700 "$1/probe" && ls -ld "$1/probe" | grep -q "^drwx------" && rmdir "$1/probe"' sh "$1" 2>/dev/null
}

# Removes the folders outside .local whose checkout is gone, or has another one by now.
sweep_postgres_folders() {
  local folder link
  for folder in /var/tmp/marketsapi.* /dev/shm/marketsapi.*; do
    link=$(cat "$folder/linked-from" 2>/dev/null) || continue
    if [ -O "$folder/linked-from" ] && [ "$(readlink "$link")" != "$folder" ]; then
      remove_postgres "$folder"
    fi
  done
}

# ---- the cluster ----

# Makes the cluster of FOLDER, unless it is there: superuser `markets` with a random password, loopback only, no socket.
create_postgres() { # FOLDER CONFIGURATION [INITDB-OPTION...]
  local folder=$1 configuration=$2
  shift 2
  [ ! -d "$folder/data" ] || return 0
  rm -rf "$folder/data.new" "$folder/password" # of a start that was cut short
  stored_secret "$folder/password" 24 >/dev/null
  chown "$(postgres_account "$folder")" "$folder/password"
  as_postgres "$folder" "$postgres_bin/initdb" -D "$folder/data.new" -U markets --pwfile="$folder/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale="$(unicode_locale)" --lc-messages=C "$@" >"$folder/initdb.log" 2>&1 </dev/null ||
    die "PostgreSQL could not make a cluster: $(tail -n 3 "$folder/initdb.log")"
  cat >>"$folder/data.new/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
timezone = 'UTC'
log_timezone = 'UTC'
$configuration
END
  mv "$folder/data.new" "$folder/data"
}

# A locale that orders by code point and knows the letters of Unicode; without one trigrams would miss all but ASCII.
unicode_locale() {
  local wanted
  for wanted in C.UTF-8 C.utf8 en_US.UTF-8 en_US.utf8; do
    if locale -a 2>/dev/null | grep -qx "$wanted"; then
      echo "$wanted"
      return
    fi
  done
  echo C
}

# Prints the process id of the postmaster that runs on FOLDER's data, or fails. After a crash or a reboot
# postmaster.pid may name a process that is something else by now.
postgres_pid() { # FOLDER
  local pid
  pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && is_alive "$pid" || return 1
  case $(command_line_of "$pid") in *"$1/data"*) echo "$pid" ;; *) return 1 ;; esac
}

# Starts the cluster of FOLDER unless it runs, on the port that it had last if that is free, and sets postgres_port.
start_postgres() { # FOLDER
  local folder=$1 made_by attempt
  made_by=$(cat "$folder/data/PG_VERSION")
  if [ "$made_by" != "$postgres_major" ] && ! find_postgres "$made_by"; then
    find_postgres || :
    die "The data in $folder was made by PostgreSQL $made_by, and only $postgres_major is here: install PostgreSQL $made_by, or delete that folder to start afresh."
  fi
  if postgres_pid "$folder" >/dev/null; then
    postgres_port=$(sed -n 4p "$folder/data/postmaster.pid")
    for ((attempt = 0; attempt < 300; attempt++)); do # it may be recovering, or ending
      ! query_postgres "$folder" postgres 'SELECT 1' >/dev/null 2>&1 || return 0
      postgres_pid "$folder" >/dev/null || break
      sleep 0.2
    done
  fi
  if ! postgres_port=$(cat "$folder/port" 2>/dev/null) || port_in_use "$postgres_port"; then
    postgres_port=$(free_port)
  fi
  for attempt in 1 2 3 4 5; do
    postgres_pid "$folder" >/dev/null || rm -f "$folder/data/postmaster.pid"
    [ ! -f "$folder/log" ] || mv -f "$folder/log" "$folder/log.previous"
    if as_postgres "$folder" "$postgres_bin/pg_ctl" start -D "$folder/data" -l "$folder/log" -o "-p $postgres_port" -s -w -t 300 \
      >/dev/null 2>&1 </dev/null 7>&- 8>&- 9>&-; then
      echo "$postgres_port" >"$folder/port"
      return
    fi
    sleep "0.$attempt" # another program took the port, or processes of a killed postmaster are still ending
    postgres_port=$(free_port)
  done
  die "PostgreSQL does not start: $(grep -E 'FATAL|PANIC|HINT' "$folder/log" | tail -n 3) (all of it: $folder/log)"
}

# pg_ctl has put the server into a session of its own, so a terminal's Ctrl-C has not reached it.
stop_postgres() { # FOLDER
  postgres_pid "$1" >/dev/null || return 0
  as_postgres "$1" "$postgres_bin/pg_ctl" stop -D "$1/data" -m fast -s -w -t 60 >/dev/null 2>&1 </dev/null ||
    as_postgres "$1" "$postgres_bin/pg_ctl" stop -D "$1/data" -m immediate -s -w -t 20 >/dev/null 2>&1 </dev/null || :
}

remove_postgres() { # FOLDER
  [ -n "$postgres_bin" ] && stop_postgres "$1"
  rm -rf "$1"
}

query_postgres() { # FOLDER DATABASE SQL
  PGPASSWORD=$(cat "$1/password") PGCONNECT_TIMEOUT=5 \
    "$postgres_bin/psql" -h 127.0.0.1 -p "$postgres_port" -U markets -d "$2" -XAtq -v ON_ERROR_STOP=1 -c "$3" </dev/null
}

# The connection string in Npgsql's form.
postgres_connection() { # FOLDER DATABASE
  echo "Host=127.0.0.1;Port=$postgres_port;Username=markets;Password=$(cat "$1/password");Database=$2"
}
