# shellcheck shell=bash
# A rate limit that no caller reaches, counted in memory, by turns with no limit in the same process: what it adds to a cached item, where it
# shows most, and what share that is of an item that is read from the database.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set

build bench/LimiterSwitch/LimiterSwitch.csproj || die "The build of the limiter's switch failed."
usual_program=("${program[@]}")
program=(dotnet "$root/artifacts/bin/LimiterSwitch/release/LimiterSwitch.dll")
path=/api/markets/$(sql "SELECT id FROM markets WHERE status = 'active' ORDER BY id LIMIT 1")
turn=$((seconds > 2 ? 2 : seconds))
pairs=$((3 * rounds))
limits() { curl -sf "$program_url/limits/$1" >/dev/null || die "The limits can't be turned $1."; }
# The JIT compiles the same code differently in each process, which moves the ratio by several percent: so five processes run.
for ((process = 1; process <= 5; process++)); do
  program_with ConnectionStrings__Redis= RateLimiting__Enabled=true RateLimiting__PermitLimit=1000000 RateLimiting__WindowSeconds=1 "PROCESS=$process"
  for ((round = 1; round <= 3; round++)); do # both get compiled
    limits on && warm_up "$program_pid" "$program_url$path"
    limits off && warm_up "$program_pid" "$program_url$path"
  done
  [ -z "$(curl -sI "$program_url$path" | grep -i '^RateLimit:')" ] || die "The limits are not off."
  limits on
  [ -n "$(curl -sI "$program_url$path" | grep -i '^RateLimit:')" ] || die "The limits are not on."
  for ((round = 1; round <= pairs; round++)); do
    limits off
    measure_http limited-cached.free "$program_pid" "$program_url$path" "$turn"
    limits on
    measure_http limited-cached.program "$program_pid" "$program_url$path" "$turn"
  done
  paste "$work/results/limited-cached.free" "$work/results/limited-cached.program" | tail -n "$pairs" | awk '{ print $10 / $4 }' | median >>"$work/limited-cached.ratios"
done
row limited-cached.free "limited: cached item, without a limit"
row limited-cached.program "limited: cached item"
ratio=$(median <"$work/limited-cached.ratios")
metric limited-cached.cpu "$(awk -v ratio="$ratio" 'BEGIN { printf "%.3f", ratio }')" \
  "times the CPU per request without a limit; in each process: $(paste -sd ' ' "$work/limited-cached.ratios")"
program_with ConnectionStrings__Redis= Caching__Enabled=false
warm_up "$program_pid" "$program_url$path"
for ((round = 1; round <= rounds; round++)); do
  measure_http limited-item.free "$program_pid" "$program_url$path" "$seconds"
done
row limited-item.free "limited: item, without a limit"
# The limiter does the same work in front of every endpoint, so its cost is taken from where it can be measured.
metric limited-item.cpu "$(awk -v ratio="$ratio" -v cached="$(result limited-cached.free 4)" \
  -v program="$(result limited-item.free 4)" -v database="$(result limited-item.free 5)" \
  'BEGIN { printf "%.3f", 1 + (ratio - 1) * cached / (program + database) }')" "times the CPU per request without a limit, if it adds the same as to a cached item"
program=("${usual_program[@]}")
program_with
