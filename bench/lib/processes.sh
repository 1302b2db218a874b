# shellcheck shell=bash
# What runs during a benchmark: servers, the program, the floor. Sourced by bench/run after scripts/servers.sh.
# shellcheck disable=SC2154 # what those have set

program=(dotnet "$root/artifacts/bin/MarketsApi/release/MarketsApi.dll")
floor=(dotnet "$root/artifacts/bin/Floor/release/Floor.dll")
database=bench
work= # folder of this run: captured responses and statements, results, the program's log
program_pid=
program_url=
program_settings=
floor_pid=
floor_url=
redis=

# As a small production server is set up. What is logged, and only while a statement is captured, can be read by machine.
server_settings="shared_buffers = 512MB
max_wal_size = 4GB
checkpoint_timeout = 15min
logging_collector = on
log_destination = jsonlog
log_directory = log
log_filename = 'bench.log'"

require_tools() {
  if ! command -v wrk >/dev/null && can_install; then
    install_packages wrk || :
  fi
  command -v wrk >/dev/null || die "bench/run needs wrk: install it (package wrk)."
  command -v curl >/dev/null || die "bench/run needs curl: install it (package curl)."
  [ -x "$postgres_bin/pgbench" ] || die "bench/run needs pgbench: install it (package postgresql or postgresql-contrib)."
}

# ---- servers: in the same place as the throw-away ones of ./test, which thus removes those of a bench that was killed ----

start_servers() {
  sweep_test_folders
  test_folder=$(mktemp -d "$local_dir/test.XXXXXX")
  chmod 711 "$test_folder"
  echo $$ >"$test_folder/owner"
  work=$test_folder/work
  mkdir "$work" "$work/results"
  unset "${!PG@}" DATABASE_URL REDIS_URL JWT_SECRET ASPNETCORE_URLS PORT
  prepare_postgres_folder "${test_folder##*/}/postgres"
  create_postgres "$postgres_folder" "$server_settings"
  start_postgres "$postgres_folder"
  postgres_pid=$(postgres_pid "$postgres_folder")
  if find_redis && start_redis "$test_folder/redis"; then
    redis=$(redis_pid "$test_folder/redis")
    ConnectionStrings__Redis=$(redis_connection "")
    export ConnectionStrings__Redis
  fi
  query_postgres "$postgres_folder" postgres "CREATE DATABASE $database"
  ConnectionStrings__Postgres=$(postgres_connection "$postgres_folder" "$database")
  Auth__Secret=$(random_hex 32)
  export ConnectionStrings__Postgres Auth__Secret RateLimiting__Enabled="${RateLimiting__Enabled:-false}"
  # Background work would mix its statements and its CPU into the requests'; a scenario that wants it says so.
  export Jobs__Enabled="${Jobs__Enabled:-false}"
}

stop_everything() {
  stop_rivals
  stop_process "$floor_pid"
  stop_process "$program_pid"
  stop_test_servers
}

sql() { # SQL
  query_postgres "$postgres_folder" "$database" "$1"
}

load_markets() {
  say "Loading $markets markets …"
  run_quietly "$work/migrate.log" "${program[@]}" migrate || die "The migration failed."
  run_quietly "$work/seed.log" "${program[@]}" seed --count "$markets" || die "Loading failed."
}

# Statistics are fresh, and neither vacuum nor checkpoint has a reason to run for a while.
settle() {
  sql 'VACUUM ANALYZE' && on_rivals 'VACUUM ANALYZE' && sql CHECKPOINT
}

# ---- the program and the floor ----

# Has the program run with these settings beside those of the caller, started anew if it runs with others.
program_with() { # [NAME=VALUE...]
  [ "$program_settings" != "$*" ] || [ -z "$program_pid" ] || return 0
  stop_process "$program_pid"
  program_settings=$*
  start_program
}

# Its log goes through a pipe to a reader, as in a container.
start_program() { # [SECONDS-BETWEEN-QUESTIONS]
  local port started=$SECONDS
  port=$(free_port)
  program_url=http://127.0.0.1:$port
  # shellcheck disable=SC2086 # a setting is a word
  PORT=$port start_child env $program_settings "${program[@]}" serve > >(head -c 100000 >"$work/program.log" && cat >/dev/null) 2>&1
  program_pid=$child child=
  until [ "$(http_status "$port" /health/ready)" = 200 ]; do
    # Between one program and the next that it becomes (env, dotnet) a process has no command line for a moment.
    if { ! is_alive "$program_pid" && sleep 0.1 && ! is_alive "$program_pid"; } || [ $((SECONDS - started)) -gt 60 ]; then
      cat "$work/program.log" >&2
      die "The program does not start."
    fi
    sleep "${1:-0.1}"
  done
}

start_floor() { # BODY-FILE CONTENT-TYPE STATUS HEADERS-FILE
  local port started=$SECONDS
  stop_process "$floor_pid"
  port=$(free_port)
  floor_url=http://127.0.0.1:$port
  start_child "${floor[@]}" "$floor_url" "$1" "$2" "$3" "$4" >"$work/floor.log" 2>&1
  floor_pid=$child child=
  until port_in_use "$port"; do
    if ! is_alive "$floor_pid" || [ $((SECONDS - started)) -gt 30 ]; then
      cat "$work/floor.log" >&2
      die "The floor does not start."
    fi
    sleep 0.1
  done
}

stop_process() { # PID
  local round
  [ -n "$1" ] && kill -TERM "$1" 2>/dev/null || return 0
  for ((round = 0; round < 200; round++)); do
    is_alive "$1" || break
    sleep 0.05
  done
  kill -KILL "$1" 2>/dev/null || :
  wait "$1" 2>/dev/null || :
}

token() { # ROLE [OPTION...]
  "${program[@]}" token --role "$@"
}
