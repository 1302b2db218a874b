#!/usr/bin/env bash
# Has sqlmap (Debian: apt-get install sqlmap) look for SQL injection in every parameter of the list, search and item reads of a running
# instance. Start that without limits, which would reject sqlmap's requests before they reach the database:
#   RateLimiting__Enabled=false Caching__Enabled=false PORT=8200 ./run
# then: scripts/sqlmap.sh http://localhost:8200. SECONDS_EACH bounds each address (240), LEVEL is sqlmap's (2, up to 5). Exit code 1 when something was found.
set -euo pipefail

base=${1:-http://localhost:8080}
seconds=${SECONDS_EACH:-240} level=${LEVEL:-2}
found=0
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

market=$(curl -fsS "$base/api/markets?status=active&limit=1")
property() { grep -o "\"$1\":\"[^\"]*" <<<"$market" | sed -n "$2s/.*:\"//p"; } # NAME, its NUMBER
id=$(property id 1) creator=$(property id 2) cursor=$(property nextCursor 1)
addresses=( # each returns 200 unchanged
  "$base/api/markets?status=active&sort=volume&order=asc&limit=3&offset=1&count=true&minVolume=0&maxVolume=900000&endsAfter=2020-01-01T00:00:00Z&endsBefore=2099-01-01T00:00:00Z"
  "$base/api/markets?creatorId=$creator&ids=$id&category=politics"
  "$base/api/markets?status=active&limit=1&cursor=$cursor"
  "$base/api/markets/search?q=election&status=active&category=politics&limit=3"
  "$base/api/markets/$id*"
  "$base/api/markets/$id/positions?limit=3"
  "$base/api/markets/$id/similar?limit=3"
)

for address in "${addresses[@]}"; do
  echo "== $address"
  curl -fsS "$address" >"$output/response" || [[ $address == *'*' ]]
  code=0
  # These parameters should return 400 or 404, so sqlmap continues after these.
  timeout "$seconds" sqlmap --url "$address" --batch --level "$level" --risk 2 --dbms PostgreSQL --threads 4 --skip-waf \
    --ignore-code '*' --flush-session --output-dir "$output" --disable-coloring >"$output/log" 2>&1 || code=$?
  grep -oE "[A-Za-z]+ parameter '[^']*' (does not seem to be|is) .*injectable.*|[0-9]+ \([A-Za-z ]+\) - [0-9]+ times.*|\[CRITICAL\].*" "$output/log" || true
  [ "$code" -ne 124 ] || echo "stopped after $seconds s, with $(grep -c 'testing ' "$output/log" || true) tests behind it"
  if grep -qE 'identified the following injection point|is vulnerable' "$output/log"; then
    found=1
    grep -A12 'identified the following injection point' "$output/log" || true
  fi
done

if [ "$found" -ne 0 ]; then
  echo "sqlmap found an injection."
  exit 1
fi
echo "sqlmap found nothing."
