# shellcheck shell=bash
# The kept item with a rate limit that nobody reaches, counted in memory, and without one: what the limiter costs.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set

program_with ConnectionStrings__Redis=
path=/api/markets/$(sql "SELECT id FROM markets WHERE status = 'active' ORDER BY id LIMIT 1")
free_pid=$program_pid free_url=$program_url
program_settings="ConnectionStrings__Redis= RateLimiting__Enabled=true RateLimiting__PermitLimit=1000000 RateLimiting__WindowSeconds=1"
start_program
for ((round = 1; round <= 4; round++)); do # the compiler is at work for longer than between floors and program matters
  warm_up "$free_pid" "$free_url$path"
  warm_up "$program_pid" "$program_url$path"
done
# They take turns, and which is first changes, too: the machine is never the same twice.
for ((round = 1; round <= 2 * rounds; round++)); do
  [ $((round % 2)) = 0 ] || measure_http limited-item.free "$free_pid" "$free_url$path" "$seconds"
  measure_http limited-item.program "$program_pid" "$program_url$path" "$seconds"
  [ $((round % 2)) = 1 ] || measure_http limited-item.free "$free_pid" "$free_url$path" "$seconds"
done
row limited-item.free "limited-item: without a limit"
row limited-item.program "limited-item: program"
metric limited-item.cpu "$(paste "$work/results/limited-item.free" "$work/results/limited-item.program" | awk '{ print $10 / $4 }' | median |
  awk '{ printf "%.3f", $1 }')" "times the CPU per request without a limit"
stop_process "$program_pid"
program_pid=$free_pid program_url=$free_url program_settings="ConnectionStrings__Redis="
