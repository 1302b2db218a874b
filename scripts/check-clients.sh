#!/usr/bin/env bash
# Makes C# clients from openapi.json with NSwag and Kiota, compiles them, and sends requests with each to a running program. Exit code 77
# (as test programs say "skipped") when the generators can't be restored.
set -euo pipefail

# shellcheck source=scripts/servers.sh
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"

# shellcheck disable=SC2154 # what those files have set
program=(dotnet "$root/artifacts/bin/MarketsApi/release/MarketsApi.dll")
tests=(dotnet "$root/artifacts/bin/GeneratedClients/release/GeneratedClients.dll")
serving=

main() {
  cd "$root"
  prepare_local_dir
  require_sdk
  if ! (cd clients/dotnet && dotnet tool restore) >"$local_dir/clients.log" 2>&1; then
    say "Not checked: the generators of clients can't be restored."
    exit 77
  fi
  require_servers postgres
  build MarketsApi.csproj || die "The program doesn't build."
  build clients/dotnet || die "The generated clients don't build."
  on_exit=stop
  start_test_servers postgres
  serve
  TOKEN=$("${program[@]}" token --role user) "${tests[@]}" -noColor </dev/null >&2 || die "A generated client failed."
  say "The clients that NSwag and Kiota generate work."
}

serve() {
  DATABASE_URL=$(postgres_connection "$postgres_folder" postgres)
  JWT_SECRET=$(random_hex 32)
  PORT=$(free_port)
  MARKETS_URL=http://127.0.0.1:$PORT
  export DATABASE_URL JWT_SECRET PORT MARKETS_URL REDIS_URL=
  "${program[@]}" >"$local_dir/clients.log" 2>&1 </dev/null &
  serving=$!
  until [ "$(http_status "$PORT" /health/ready)" = 200 ]; do
    is_alive "$serving" || die "The program doesn't start: $(cat "$local_dir/clients.log")"
    sleep 0.2
  done
}

stop() {
  [ -z "$serving" ] || kill "$serving" 2>/dev/null || :
  stop_test_servers
}

handle_signals
main "$@"
