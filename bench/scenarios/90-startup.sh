# shellcheck shell=bash
# From the start of the process to the first 200 of /health/ready, on a migrated database; and the memory that it holds then.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set

# What the scenarios before have queued would keep the processors busy meanwhile.
sql "DELETE FROM jobs"
program_with Jobs__Enabled=true
serving=$program_pid
for ((start = 1; start <= 7; start++)); do
  began=${EPOCHREALTIME/[.,]/}
  start_program 0.005
  echo $(((${EPOCHREALTIME/[.,]/} - began) / 1000)) >>"$work/startup"
  sleep 1
  awk '/^VmRSS/ { printf "%.0f\n", $2 / 1024 }' "/proc/$program_pid/status" >>"$work/idle"
  stop_process "$program_pid"
done
program_pid=$serving
metric startup.ready "$(median <"$work/startup")" "ms from exec to ready, median of 7"
metric startup.rss "$(median <"$work/idle")" "MiB resident a second later"
