# shellcheck shell=bash
# A new market with its index job, valid and unlike any other, written to disk before the response; and with an Idempotency-Key.
# shellcheck disable=SC2154 # what bench/lib has set

program_with # no worker runs the jobs that pile up, nor in the floor

token=$(token user)
name='Will the benchmark finish before the coffee is cold?'
ends=2039-03-01T12:00:00Z
capture create "$program_url/api/markets" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -d \
  "{\"name\":\"$name\",\"description\":\"$BENCH_DESCRIPTION\",\"category\":\"benchmark\",\"endsAt\":\"$ends\"}"

# The statement takes any number of rows, here one. Each makes another market, as each request does: ids that rise with time, other names and ends, now.
seq=$(($(date +%s) * 1000 * 65536 + 0x7000))
{
  echo '\set seq :seq + 65536'
  echo '\set random random(1, 9223372036854775807)'
  cat "$work/create.sql"
} >"$work/create.new" && mv "$work/create.new" "$work/create.sql"
id=$(grep -o '"id":"[^"]*"' "$work/create.body" | head -n 1 | cut -d '"' -f 4)
vary create "{$id}" "ARRAY[(lpad(to_hex(:seq::bigint), 16, '0') || lpad(to_hex(:random::bigint), 16, '0'))::uuid]"
creator=$(grep -o '"creator":{"id":"[^"]*"' "$work/create.body" | cut -d '"' -f 6)
job=$(grep -oE '=\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$' "$work/create.variables" | tr -d '={}' | grep -v -e "$id" -e "$creator" | head -n 1)
vary create "{$job}" "ARRAY[(lpad(to_hex(:seq::bigint), 16, '0') || lpad(to_hex(:random::bigint # 4611686018427387903), 16, '0'))::uuid]"
vary create "{\"$name\"}" "ARRAY[md5(:random::text) || ' happens?']"
vary create "{\"${ends%T*}*" "ARRAY[now() + (:random::bigint >> 30) * interval '1 ms']"
vary create "{\"$(date -u +%Y-%m-%d)*" "ARRAY[now()]"
echo "seq=$seq" >>"$work/create.variables"

beside_rivals compare create /api/markets "$bench/lua/create.lua" "$token"

warm_up "$program_pid" "$program_url/api/markets" "$bench/lua/create.lua" "$token" keyed
for ((round = 1; round <= rounds; round++)); do
  measure_http create-plain.program "$program_pid" "$program_url/api/markets" "$seconds" "$bench/lua/create.lua" "$token"
  measure_http create-keyed.program "$program_pid" "$program_url/api/markets" "$seconds" "$bench/lua/create.lua" "$token" keyed
done
row create-plain.program "create: without a key"
row create-keyed.program "create: with Idempotency-Key"
metric create-keyed.cpu "$(divide "$(cpu_sum create-keyed.program)" "$(cpu_sum create-plain.program)")" "times the CPU per request of a create without a key"
remove_created
