# shellcheck shell=bash
# The kept item with a rate limit that nobody reaches, counted in memory, and without one, by turns in one process: what the limiter costs.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set

build bench/LimiterSwitch/LimiterSwitch.csproj || die "The build of the limiter's switch failed."
usual_program=("${program[@]}")
program=(dotnet "$root/artifacts/bin/LimiterSwitch/release/LimiterSwitch.dll")
program_with ConnectionStrings__Redis= RateLimiting__Enabled=true RateLimiting__PermitLimit=1000000 RateLimiting__WindowSeconds=1
path=/api/markets/$(sql "SELECT id FROM markets WHERE status = 'active' ORDER BY id LIMIT 1")
limits() { curl -sf "$program_url/limits/$1" >/dev/null || die "The limits can't be turned $1."; }
for ((round = 1; round <= 3; round++)); do # the compiler shall have seen both
  limits on && warm_up "$program_pid" "$program_url$path"
  limits off && warm_up "$program_pid" "$program_url$path"
done
[ -z "$(curl -sI "$program_url$path" | grep -i '^RateLimit:')" ] || die "The limits are not off."
limits on
[ -n "$(curl -sI "$program_url$path" | grep -i '^RateLimit:')" ] || die "The limits are not on."
for ((round = 1; round <= 3 * rounds; round++)); do
  limits off
  measure_http limited-item.free "$program_pid" "$program_url$path" "$seconds"
  limits on
  measure_http limited-item.program "$program_pid" "$program_url$path" "$seconds"
done
row limited-item.free "limited-item: without a limit"
row limited-item.program "limited-item: program"
metric limited-item.cpu "$(paste "$work/results/limited-item.free" "$work/results/limited-item.program" | awk '{ print $10 / $4 }' | median |
  awk '{ printf "%.3f", $1 }')" "times the CPU per request without a limit"
program=("${usual_program[@]}")
program_with
