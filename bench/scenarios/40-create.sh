# shellcheck shell=bash
# A new market, valid and unlike any other; written to disk before it is answered.
# shellcheck disable=SC2154 # what bench/lib has set

program_with

token=$(token user)
name='Will the benchmark finish before the coffee is cold?'
ends=2039-03-01T12:00:00Z
capture create "$program_url/api/markets" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d \
  "{\"name\":\"$name\",\"description\":\"As measured by the clock on the wall.\",\"category\":\"benchmark\",\"endsAt\":\"$ends\"}"

# Each statement makes another market, as each request does: ids that rise with time, other names and ends, now.
seq=$(($(date +%s) * 1000 * 65536 + 0x7000))
{
  echo '\set seq :seq + 65536'
  echo '\set random random(1, 9223372036854775807)'
  cat "$work/create.sql"
} >"$work/create.new" && mv "$work/create.new" "$work/create.sql"
id=$(grep -o '"id":"[^"]*"' "$work/create.body" | head -n 1 | cut -d '"' -f 4)
vary create "$id" "(lpad(to_hex(:seq::bigint), 16, '0') || lpad(to_hex(:random::bigint), 16, '0'))::uuid"
vary create "$name" "md5(:random::text) || ' happens?'"
vary create "${ends%T*}*" "now() + (:random::bigint >> 30) * interval '1 ms'"
vary create "$(date -u +%Y-%m-%d)*" "now()"
echo "seq=$seq" >>"$work/create.variables"

compare create /api/markets "$bench/lua/create.lua" "$token"
sql "DELETE FROM markets WHERE category = 'benchmark'"
settle
