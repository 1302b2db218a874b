#!/usr/bin/env bash
# Has sqlmap (Debian: apt-get install sqlmap) look for SQL injection in every parameter of the list, search and item reads of a running
# instance. Start that without limits, which would answer sqlmap instead of the database:
#   RateLimiting__Enabled=false Caching__Enabled=false PORT=8200 ./run
# then: scripts/sqlmap.sh http://localhost:8200. SECONDS_EACH bounds each address (240). Exit code 1 when something was found.
set -euo pipefail

base=${1:-http://localhost:8080}
seconds=${SECONDS_EACH:-240}
found=0
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

id=$(curl -fsS "$base/api/markets?limit=1" | grep -o '"id":"[^"]*' | head -1 | cut -c7-)
addresses=(
  "$base/api/markets?status=active&category=sports&sort=volume&order=asc&limit=3&offset=1&count=true&minVolume=1&maxVolume=900000&endsAfter=2020-01-01T00:00:00Z&creatorId=$id&ids=$id"
  "$base/api/markets?cursor=x&endsBefore=2099-01-01T00:00:00Z"
  "$base/api/markets/search?q=election&status=active&category=sports&limit=3"
  "$base/api/markets/$id*"
  "$base/api/markets/$id*/positions?limit=3&cursor=x"
)

for address in "${addresses[@]}"; do
  echo "== $address"
  code=0
  # A 400 or 404 is what these parameters are meant to be answered with: sqlmap shall go on.
  timeout "$seconds" sqlmap --url "$address" --batch --level 2 --risk 1 --dbms PostgreSQL --threads 4 --skip-waf \
    --ignore-code '*' --flush-session --output-dir "$output" --disable-coloring >"$output/log" 2>&1 || code=$?
  grep -E 'injectable|appears to be|might be|HTTP error codes|[0-9]+ \(.*\) - [0-9]+ times|all tested parameters|CRITICAL' "$output/log" | tail -8 || true
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
