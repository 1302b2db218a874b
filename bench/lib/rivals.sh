# shellcheck shell=bash
# The same API as good users of other stacks write it (bench/rivals), each with a database of its own that holds the same rows. Sourced by
# bench/run.
# shellcheck disable=SC2154,SC2034 # what the others have set, and what they use

all_rivals=(fastify efcore)
declare -A rival_title=([fastify]='Fastify + pg' [efcore]='EF Core')
declare -A rival_pid=() rival_url=()
rivals=()         # those that take part: none without --rivals
running_rivals=() # those of the scenario at hand

build_rivals() {
  command -v npm >/dev/null || die "bench/run --rivals needs Node.js with npm."
  [ -d "$bench/rivals/fastify/node_modules" ] ||
    run_quietly "$local_dir/npm.log" npm ci --prefix "$bench/rivals/fastify" || die "npm ci failed."
  build bench/rivals/efcore/EfCore.csproj || die "The build of the rival on EF Core failed."
}

# Through files of the server's, by its own account.
load_rivals() {
  local rival table columns
  [ -n "$redis" ] || die "bench/run --rivals needs Redis."
  for rival in "${rivals[@]}"; do
    query_postgres "$postgres_folder" postgres "CREATE DATABASE $rival"
    # As MarketsApi sets it for its own sessions.
    query_postgres "$postgres_folder" postgres "ALTER DATABASE $rival SET random_page_cost = 1.1"
    query_postgres "$postgres_folder" "$rival" "$(cat "$bench/rivals/schema.sql")"
  done
  while read -r table columns; do
    sql "COPY (SELECT $columns FROM $table) TO '$postgres_folder/$table.copy'"
    on_rivals "COPY $table ($columns) FROM '$postgres_folder/$table.copy'"
  done <<END
users id, display_name, email, created_at
markets id, name, description, category, status, outcome, volume, yes_pool, no_pool, ends_at, created_at, updated_at, version, creator_id
positions id, market_id, user_id, outcome, stake, created_at
END
}

on_rivals() { # SQL
  local rival
  for rival in "${rivals[@]}"; do
    query_postgres "$postgres_folder" "$rival" "$1"
  done
}

beside_rivals() { # COMMAND ARGUMENT...
  local rival
  for rival in "${rivals[@]}"; do
    start_rival "$rival"
  done
  "$@"
  stop_rivals
}

start_rival() { # RIVAL
  local rival=$1 port started=$SECONDS
  port=$(free_port)
  "start_$rival" "$port" >"$work/$rival.log" 2>&1
  rival_pid[$rival]=$child rival_url[$rival]=http://127.0.0.1:$port child=
  running_rivals+=("$rival")
  until [ "$(http_status "$port" /api/markets)" = 200 ]; do
    if ! is_alive "${rival_pid[$rival]}" || [ $((SECONDS - started)) -gt 30 ]; then
      cat "$work/$rival.log" >&2
      die "The rival on ${rival_title[$rival]} does not start."
    fi
    sleep 0.1
  done
}

start_fastify() { # PORT
  start_child env NODE_ENV=production PORT="$1" SECRET="$Auth__Secret" REDIS="redis://$ConnectionStrings__Redis" \
    DATABASE="postgres://markets:$(cat "$postgres_folder/password")@127.0.0.1:$postgres_port/fastify" \
    node "$bench/rivals/fastify/server.js"
}

# ASP.NET Core keeps keys under HOME, which nothing here uses.
start_efcore() { # PORT
  start_child env HOME="$work" ASPNETCORE_URLS="http://127.0.0.1:$1" \
    ConnectionStrings__Postgres="$(postgres_connection "$postgres_folder" efcore)" \
    dotnet "$root/artifacts/bin/EfCore/release/EfCore.dll"
}

stop_rivals() {
  local rival
  for rival in "${running_rivals[@]}"; do
    stop_process "${rival_pid[$rival]}"
  done
  running_rivals=()
}
