# shellcheck shell=bash
# What a new market's words cost the database: the statement of the scenario create with its triggers, and without, at the same time.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set

[ -s "$work/create.sql" ] || . "$bench/scenarios/40-create.sh"
mapfile -t create_variables < <(sed 's/^/--define=/' "$work/create.variables")

# On the server and its copy at once, then the other way round.
with_and_without() { # NAME
  sql 'ALTER TABLE markets ENABLE TRIGGER USER' && on_twin sql 'ALTER TABLE markets DISABLE TRIGGER USER'
  measure_sql_beside "$1.with" "$1.without" "$work/create.sql" "${create_variables[@]}"
  sql 'ALTER TABLE markets DISABLE TRIGGER USER' && on_twin sql 'ALTER TABLE markets ENABLE TRIGGER USER'
  measure_sql_beside "$1.without" "$1.with" "$work/create.sql" "${create_variables[@]}"
  sql 'ALTER TABLE markets ENABLE TRIGGER USER'
}

start_twin
with_and_without warm-up # its memory is new to the copy
for ((round = 1; round <= rounds; round++)); do
  with_and_without create-search
done
stop_twin
row create-search.without "create: pgbench, no words"
row create-search.with "create: pgbench, with words"
metric create-search.cpu "$(divide "$(paste -d ' ' "$work/results/create-search."{with,without} | awk '{ print $5 / $11 }' | median)" 1)" \
  "times the database's CPU of a create without words in the same seconds"
remove_created
