# shellcheck shell=bash
# A scenario's request beside its floors. Sourced by bench/run.
# shellcheck disable=SC2154 # what the others have set
#
#   capture NAME CURL-ARGUMENT...     sends the request once, and stores the response and the SQL that it caused
#   vary NAME PATTERN EXPRESSION      has the SQL floor use an expression instead of the parameter whose value matches
#   vary_ids NAME ID FILE             the same for an id, which becomes any of those that stand in a file
#   compare NAME URL [LUA-SCRIPT [ARGUMENT...]]   rounds of program, bare Kestrel, and the SQL if there is any; without capture, of the program
#   beside_rivals compare ...         the rivals take part, where bench/run has --rivals

# ---- capturing ----

# Stores the response as $work/NAME.body with its headers, type and status, and each statement of the request in $work/NAME.sql as a script of
# pgbench, whose variables stand in $work/NAME.variables.
capture() { # NAME CURL-ARGUMENT...
  local name=$1 log=$postgres_folder/data/log/bench.json round from
  shift
  for round in 1 2 3; do # statements are prepared when they are used again
    request "$name" "$@"
  done
  sql "ALTER SYSTEM SET log_statement = 'all'" && sql 'SELECT pg_reload_conf()' >/dev/null
  sleep 0.3
  from=$(wc -c <"$log")
  request "$name" "$@"
  sleep 0.3
  sql 'ALTER SYSTEM RESET log_statement' && sql 'SELECT pg_reload_conf()' >/dev/null
  sql "$(logged_statements "$from") SELECT sql || E'\n;' FROM executed ORDER BY line" >"$work/$name.sql"
  sql "$(logged_statements "$from") SELECT 'p' || line || '_' || n || '=' || replace(value, E'\n', ' ')
    FROM parameters WHERE value IS NOT NULL ORDER BY line, n" >"$work/$name.variables"
}

request() { # NAME CURL-ARGUMENT...
  local name=$1 status
  shift
  curl -sS -o "$work/$name.body" -D "$work/$name.headers" -w '%{http_code} %{content_type}\n' "$@" >"$work/$name.response"
  status=$(cut -c 1-3 "$work/$name.response")
  case $status in 2*) ;; *) die "The request of $name returned $status: $(cat "$work/$name.body")" ;; esac
}

# What the program executed since byte FROM of the log, and with which parameters: $1 becomes the variable :p1_1, or NULL.
# Npgsql resets its connections with simple queries ("statement: …"), which are the program's cost and not the floor's.
logged_statements() { # FROM
  cat <<END
    WITH logged AS (
      SELECT line, entry::jsonb ->> 'message' AS message, entry::jsonb ->> 'detail' AS detail
      FROM regexp_split_to_table(pg_read_file('log/bench.json', $1, 100000000), E'\n') WITH ORDINALITY AS lines (entry, line)
      WHERE entry <> '' AND entry::jsonb ->> 'application_name' = 'MarketsApi' AND entry::jsonb ->> 'message' LIKE 'execute %'
    ), parameters AS (
      SELECT line, found[1]::int AS n, replace(substr(found[2], 2, length(found[2]) - 2), '''''', '''') AS value
      FROM (
        SELECT line, regexp_matches(detail, '\\\$(\d+) = (NULL|''(?:[^'']|'''')*'')', 'g') AS found FROM logged
      ) AS found_in_detail
      WHERE found[2] <> 'NULL'
    ), executed AS (
      SELECT line, regexp_replace(regexp_replace(
        regexp_replace(message, '^execute [^:]*: ', ''),
        '\\\$(' || coalesce((SELECT string_agg(n::text, '|') FROM parameters p WHERE p.line = l.line), 'none') || ')\M', ':p' || line || '_\1', 'g'),
        '\\\$\d+', 'NULL', 'g') AS sql
      FROM logged l
    )
END
}

vary() { # NAME PATTERN EXPRESSION
  local line name value found=
  while IFS= read -r line; do
    name=${line%%=*} value=${line#*=}
    # shellcheck disable=SC2053 # it is a pattern
    if [[ $value == $2 ]]; then
      found=yes
      sed -i "s/:$name\\b/$(sed 's/[&/\]/\\&/g' <<<"$3")/g" "$work/$1.sql"
    fi
  done <"$work/$1.variables"
  [ -n "$found" ] || die "No parameter of $1 is like $2: $(cat "$work/$1.sql" "$work/$1.variables")"
}

# Pgbench can't choose from a list of texts, so PostgreSQL does, from a constant array: well under a microsecond.
vary_ids() { # NAME ID FILE
  vary "$1" "$2" "('{$(paste -s -d , "$3")}'::uuid[])[:any::int]"
  {
    echo "\\set any random(1, $(wc -l <"$3"))"
    cat "$work/$1.sql"
  } >"$work/new.sql" && mv "$work/new.sql" "$work/$1.sql"
}

# ---- comparing ----

# Floors are for what was captured, rivals for what runs `beside_rivals`.
compare() { # NAME URL-PATH [LUA-SCRIPT [ARGUMENT...]]
  local name=$1 path=$2 status type round rival variables=()
  shift 2
  if [ -f "$work/$name.response" ]; then
    read -r status type <"$work/$name.response"
    start_floor "$work/$name.body" "$type" "$status" "$work/$name.headers"
  fi
  if [ -s "$work/$name.sql" ]; then
    mapfile -t variables < <(sed 's/^/--define=/' "$work/$name.variables")
  fi
  warm_up "$program_pid" "$program_url$path" "$@"
  [ -z "$floor_pid" ] || warm_up "$floor_pid" "$floor_url$path" "$@"
  for rival in "${running_rivals[@]}"; do
    warm_up "${rival_pid[$rival]}" "${rival_url[$rival]}$path" "$@"
  done
  for ((round = 1; round <= rounds; round++)); do
    measure_http "$name.program" "$program_pid" "$program_url$path" "$seconds" "$@"
    note_rss
    [ -z "$floor_pid" ] || measure_http "$name.kestrel" "$floor_pid" "$floor_url$path" "$seconds" "$@"
    if [ -s "$work/$name.sql" ]; then
      measure_sql "$name.sql" "$work/$name.sql" ${variables[@]+"${variables[@]}"}
    fi
    for rival in "${running_rivals[@]}"; do
      measure_http "$name.$rival" "${rival_pid[$rival]}" "${rival_url[$rival]}$path" "$seconds" "$@"
    done
  done
  stop_process "$floor_pid"
  floor_pid=
  report_comparison "$name"
}
