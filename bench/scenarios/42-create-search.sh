# shellcheck shell=bash
# What a new market's words cost the database: the statement of the scenario create with its triggers, and without.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set

[ -s "$work/create.sql" ] || . "$bench/scenarios/40-create.sh"
mapfile -t create_variables < <(sed 's/^/--define=/' "$work/create.variables")
for ((round = 1; round <= rounds; round++)); do
  sql 'ALTER TABLE markets DISABLE TRIGGER USER'
  measure_sql create-search.without "$work/create.sql" "${create_variables[@]}"
  sql 'ALTER TABLE markets ENABLE TRIGGER USER'
  measure_sql create-search.with "$work/create.sql" "${create_variables[@]}"
done
row create-search.without "create: pgbench, no words"
row create-search.with "create: pgbench, with words"
metric create-search.cpu "$(divide "$(result create-search.with 5)" "$(result create-search.without 5)")" \
  "times the database's CPU of a create without words"
sql "DELETE FROM markets WHERE category = 'benchmark'"
settle
