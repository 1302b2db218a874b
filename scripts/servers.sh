# shellcheck shell=bash
# The servers of this checkout. The lasting pair under .local is shared by every ./run of the checkout: the first one in starts it,
# the last one out stops it. Throw-away pairs are for tests. Brings the other files along.

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/common.sh
. "$here/common.sh"
# shellcheck source=scripts/sdk.sh
. "$here/sdk.sh"
# shellcheck source=scripts/postgres.sh
. "$here/postgres.sh"
# shellcheck source=scripts/redis.sh
. "$here/redis.sh"
# shellcheck source=scripts/packages.sh
. "$here/packages.sh"

database=markets # in the lasting cluster

# ---- the lasting pair ----

# Starts the wanted servers, or joins those that run. While descriptor 9 is open, here or in a child, no other script stops them.
join_servers() { # postgres|redis...
  exec 8>"$local_dir/locks/start" 9>"$local_dir/locks/users"
  lock_exclusive 8
  lock_shared 9
  if [[ " $* " == *' postgres '* ]]; then
    prepare_postgres_folder postgres
    create_postgres "$postgres_folder" ""
    start_postgres "$postgres_folder"
    if [ -z "$(query_postgres "$postgres_folder" postgres "SELECT 1 FROM pg_database WHERE datname = '$database'")" ]; then
      query_postgres "$postgres_folder" postgres "CREATE DATABASE $database"
    fi
  fi
  if [[ " $* " == *' redis '* ]] && find_redis; then
    redis_password=$(stored_secret "$local_dir/redis-password" 24)
    start_redis "$local_dir/redis" "$redis_password" || redis_port=
  fi
  exec 8>&-
}

# Stops the lasting servers, unless another script uses them.
leave_servers() {
  [ -e "$local_dir/locks/users" ] && { : >&9; } 2>/dev/null || return 0 # never joined
  exec 8>"$local_dir/locks/start"
  lock_exclusive 8
  if try_lock_exclusive 9; then
    stop_redis "$local_dir/redis"
    if [ -n "$postgres_folder" ]; then
      stop_postgres "$postgres_folder"
    fi
  fi
  exec 8>&- 9>&-
}

# ---- a throw-away pair ----

test_folder=

# Starts private servers without durability. Sets test_folder, and postgres_port and redis_port.
start_test_servers() { # postgres|redis...
  sweep_test_folders
  test_folder=$(mktemp -d "$local_dir/test.XXXXXX")
  chmod 711 "$test_folder"
  echo $$ >"$test_folder/owner"
  if [[ " $* " == *' postgres '* ]]; then
    prepare_postgres_folder "${test_folder##*/}/postgres" "$(memory_with_room)"
    create_postgres "$postgres_folder" "fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300" --no-sync
    start_postgres "$postgres_folder"
  fi
  if [[ " $* " == *' redis '* ]] && find_redis; then
    start_redis "$test_folder/redis" || redis_port=
  fi
}

# A file system in memory with 2 GiB free, where there is one; the tests' data take .3. For each class of tests a database of a thousand
# files is made and removed, which is slow on most disks.
memory_with_room() {
  local free
  free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $1 == "tmpfs" { print $4 }')
  [ "${free:-0}" -lt $((2 * 1024 * 1024)) ] || [ ! -w /dev/shm ] || echo /dev/shm
}

stop_test_servers() {
  [ -z "$test_folder" ] || remove_test_folder "$test_folder"
  test_folder=
}

remove_test_folder() { # FOLDER
  local link postgres
  stop_redis "$1/redis"
  for link in "$1"/postgres*; do # a benchmark may have a twin
    if postgres=$(cd "$link" 2>/dev/null && pwd -P); then
      remove_postgres "$postgres"
    fi
  done
  rm -rf "$1"
}

# What a run left behind that was killed.
sweep_test_folders() {
  local folder
  for folder in "$local_dir"/test.*; do
    if [ -f "$folder/owner" ] && ! is_alive "$(cat "$folder/owner")"; then
      remove_test_folder "$folder"
    fi
  done
}
