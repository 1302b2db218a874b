# shellcheck shell=bash
# A second PostgreSQL that begins as a copy of the first, for two things that have to be measured in the same seconds. Sourced by bench/run.
# shellcheck disable=SC2154 # what the others have set

twin_folder=
twin_port=
twin_pid=

start_twin() {
  local main_folder=$postgres_folder main_port=$postgres_port
  prepare_postgres_folder "${test_folder##*/}/postgres-twin"
  twin_folder=$postgres_folder
  cp -p "$main_folder/password" "$twin_folder/password"
  PGPASSWORD=$(cat "$main_folder/password") as_postgres "$twin_folder" "$postgres_bin/pg_basebackup" \
    -h 127.0.0.1 -p "$main_port" -U markets -D "$twin_folder/data" -c fast >"$work/twin.log" 2>&1 </dev/null ||
    die "The server could not be copied: $(cat "$work/twin.log")"
  start_postgres "$twin_folder"
  twin_port=$postgres_port
  twin_pid=$(postgres_pid "$twin_folder")
  postgres_folder=$main_folder postgres_port=$main_port
  on_twin settle
}

stop_twin() {
  [ -z "$twin_folder" ] || remove_postgres "$twin_folder"
  twin_folder=
}

# Runs a command for which the twin is the server.
on_twin() { # COMMAND ARGUMENT...
  (
    postgres_folder=$twin_folder postgres_port=$twin_port postgres_pid=$twin_pid
    "$@"
  )
}

# Runs a script with pgbench on both servers at once, with half of the connections each.
measure_sql_beside() { # NAME NAME-ON-TWIN SCRIPT PGBENCH-OPTION...
  local name=$1 twin_name=$2 connections=$((connections / 2)) twin_run
  shift 2
  on_twin measure_sql "$twin_name" "$@" &
  twin_run=$!
  measure_sql "$name" "$@"
  wait "$twin_run" || die "The run on the copy failed."
}
