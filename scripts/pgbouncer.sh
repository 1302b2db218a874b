# shellcheck shell=bash
# A PgBouncer in transaction mode before the tests' PostgreSQL, for TEST_PGBOUNCER=1 ./test. Sourced after servers.sh.
# shellcheck disable=SC2154 # what that has set

pgbouncer_port=
pgbouncer_child=

# Starts it in test_folder; it ends with stop_pgbouncer, or when its PostgreSQL's folder is removed and no connection uses it.
start_pgbouncer() {
  local folder=$postgres_folder attempt
  if ! command -v pgbouncer >/dev/null && can_install; then
    install_packages pgbouncer || :
  fi
  command -v pgbouncer >/dev/null || die "TEST_PGBOUNCER needs pgbouncer: install it (package pgbouncer)."
  pgbouncer_port=$(free_port)
  cat >"$folder/pgbouncer.ini" <<END
[databases]
* = host=127.0.0.1 port=$postgres_port user=markets password=$(cat "$folder/password")
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $pgbouncer_port
unix_socket_dir =
auth_type = any
pool_mode = transaction
ignore_startup_parameters = options,extra_float_digits
max_client_conn = 2000
default_pool_size = 20
server_idle_timeout = 5
END
  chown "$(postgres_account "$folder")" "$folder/pgbouncer.ini"
  chmod 600 "$folder/pgbouncer.ini"
  as_postgres "$folder" pgbouncer --quiet "$folder/pgbouncer.ini" >"$test_folder/pgbouncer.log" 2>&1 &
  pgbouncer_child=$!
  for ((attempt = 0; attempt < 50; attempt++)); do
    ! port_in_use "$pgbouncer_port" || return 0
    sleep 0.1
  done
  die "PgBouncer does not start: $(tail -n 3 "$test_folder/pgbouncer.log")"
}

stop_pgbouncer() {
  [ -z "$pgbouncer_child" ] || kill -TERM "$pgbouncer_child" 2>/dev/null || :
}
