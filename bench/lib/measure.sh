# shellcheck shell=bash
# One measured run: what was done, how fast, and the CPU time that each process took for it. Sourced by bench/run.
# Results are lines of "rate p50 p99 program database redis" in $work/results/SCENARIO.SUBJECT: per second, ms, ms, and CPU µs each.
# shellcheck disable=SC2154 # what processes.sh and bench/run have set

connections=32
ticks_per_second=$(getconf CLK_TCK)
requests=0 # in the last run of wrk
work_after=: # what to wait for behind a run of wrk before its CPU is read
peak_rss=0 # of the program, over all scenarios, in MiB

# ---- CPU time ----

# µs of CPU that a process and its children have taken: user and system time, with the children that have ended.
cpu_of() { # PID, or none
  local sum=0
  if [ -n "$1" ]; then
    # A process may end while it is read. Its name, in brackets, may hold anything; times are fields 14 to 17.
    sum=$({ cat /proc/[0-9]*/stat 2>/dev/null || :; } | awk -v pid="$1" -v tick=$((1000000 / ticks_per_second)) '
      { own = $1; sub(/^.*\) /, "") }
      own == pid { sum += $12 + $13 + $14 + $15 }
      $2 == pid { sum += $12 + $13 }
      END { printf "%d", sum * tick }')
  fi
  echo "$sum"
}

cpu_before=()

start_cpu() { # PID of the server, or none
  cpu_before=("$(cpu_of "$1")" "$(cpu_of "$postgres_pid")" "$(cpu_of "$redis")")
}

cpu_since() { # PID COUNT: µs per each of COUNT
  local now=("$(cpu_of "$1")" "$(cpu_of "$postgres_pid")" "$(cpu_of "$redis")")
  awk -v n="$2" -v a=$((now[0] - cpu_before[0])) -v b=$((now[1] - cpu_before[1])) -v c=$((now[2] - cpu_before[2])) \
    'BEGIN { printf "%.2f %.2f %.2f", a / n, b / n, c / n }'
}

# ---- runs ----

# Until the just-in-time compiler has seen enough: a number of requests rather than a time, for the machine may be busy.
warm_up() { # PID URL [LUA-SCRIPT [ARGUMENT...]]
  local pid=$1 url=$2 round served=0
  shift 2
  for ((round = 0; round < 20 && served < 60000; round++)); do
    measure_http "" "$pid" "$url" 4 "$@"
    served=$((served + requests))
  done
}

# Runs wrk against URL, which the process PID serves, and files the result under NAME; without a NAME, nowhere.
# Sets requests to the number of responses.
measure_http() { # NAME PID URL SECONDS [LUA-SCRIPT [ARGUMENT...]]
  local name=$1 pid=$2 url=$3 time=$4 script=${5:-$bench/lua/get.lua} rate p50 p99 failed
  shift $(($# < 5 ? $# : 5))
  start_cpu "$pid"
  run_child wrk -t 1 -c "$connections" -d "${time}s" --timeout 10s -s "$script" "$url" -- "$@" >"$work/wrk.out" 2>&1 ||
    die "wrk failed: $(cat "$work/wrk.out")"
  read -r requests rate p50 p99 failed < <(sed -n 's/^measured //p' "$work/wrk.out") || die "wrk printed nothing: $(cat "$work/wrk.out")"
  [ "$failed" = 0 ] || die "$failed of $requests requests to $url failed: $(tail -n 3 "$work/program.log")"
  "$work_after"
  if [ -n "$name" ]; then
    echo "$rate $p50 $p99 $(cpu_since "$pid" "$requests")" >>"$work/results/$name"
  fi
}

# Prints the cursor behind the last of so many pages of the list at URL. wrk runs its full time even when all is done.
walk() { # URL PAGES
  local time cursor
  for time in 4 15 60; do
    run_child wrk -t 1 -c 1 -d "${time}s" --timeout 10s -s "$bench/lua/walk.lua" "$1" -- "$2" >"$work/walk.out" 2>&1 || :
    cursor=$(sed -n 's/^walked //p' "$work/walk.out")
    if [ -n "$cursor" ]; then
      echo "$cursor"
      return
    fi
  done
  die "$2 pages of $1 could not be walked through: $(cat "$work/walk.out")"
}

# Runs a script with pgbench, on connections that are set up as the program's are.
measure_sql() { # NAME SCRIPT PGBENCH-OPTION...
  local name=$1 script=$2 out=$work/$1.pgbench count latency
  shift 2
  start_cpu ""
  PGPASSWORD=$(cat "$postgres_folder/password") PGOPTIONS=$(session_options) run_child "$postgres_bin/pgbench" \
    -h 127.0.0.1 -p "$postgres_port" -U markets -n -M prepared -c "$connections" -T "$seconds" -f "$script" "$@" "$database" \
    >"$out" 2>&1 || die "pgbench failed: $(grep -m 3 -A 3 -i error "$out")"
  count=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$out")
  grep -q '^number of failed transactions: 0 ' "$out" || die "pgbench had failed transactions: $(cat "$out")"
  latency=$(sed -n 's/^latency average = \([0-9.]*\).*/\1/p' "$out")
  echo "$((count / seconds)) $latency 0 $(cpu_since "" "$count")" >>"$work/results/$name"
}

# What the program sets on each connection decides the plan, so pgbench takes it from the program's source.
session_options() {
  local options
  options=$(sed -n '/ SessionOptions =/,/;/s/.*"\(.*\)";.*/\1/p' "$root/Infrastructure/Postgres/DataSources.cs")
  [ -n "$options" ] || die "SessionOptions is no longer where bench/lib/measure.sh looks for it."
  echo "$options"
}

# The most memory that the program has held since it started.
note_rss() {
  local now
  now=$(awk '/^VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$program_pid/status")
  peak_rss=$((now > peak_rss ? now : peak_rss))
}

median() { # of numbers on stdin
  sort -g | awk '{ all[NR] = $1 } END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'
}

# The median of one column of a result; 0 when there is no such result.
result() { # NAME COLUMN
  local file=$work/results/$1
  if [ -f "$file" ]; then
    awk -v column="$2" '{ print $column }' "$file" | median
  else
    echo 0
  fi
}
