# shellcheck shell=bash
# Jobs without work on one instance, beside graphile-worker and pg-boss on the same server; and how late they begin at 200 a second.
# shellcheck disable=SC2154 # what bench/lib has set

command -v npm >/dev/null || die "The scenario jobs needs Node.js with npm."
build bench/TrivialJob/TrivialJob.csproj || die "The build of the trivial job failed."
[ -d "$bench/queues/node_modules" ] || run_quietly "$work/npm.log" npm ci --prefix "$bench/queues" || die "npm ci failed."

# Each queue has a database of its own, a series of 20,000 to warm up, then as many as there are rounds, queued in one statement each; at the
# end 2,000 by another process at 200 a second. Its worker says of each series its jobs/s, and the p50 and p95 of the delays in ms.
run_queue() { # QUEUE default|fastest WITH-RATE
  local name=$1-$2 sizes=20000 round size series=0 connection
  query_postgres "$postgres_folder" postgres "CREATE DATABASE \"$name\""
  connection="postgres://markets:$(cat "$postgres_folder/password")@127.0.0.1:$postgres_port/$name"
  for ((round = 1; round <= rounds; round++)); do sizes+=,20000; done
  [ "$1-$2" != pg-boss-default ] || sizes=5
  [ -z "$3" ] || sizes+=,2000
  if [ "$1" = marketsapi ]; then
    start_child env Jobs__Enabled=true PORT="$(free_port)" ConnectionStrings__Postgres="$connection" ConnectionStrings__Redis= JOB_SERIES="$sizes" \
      dotnet "$root/artifacts/bin/TrivialJob/release/TrivialJob.dll" >"$work/$name.log" 2>&1
  else
    start_child env DATABASE="$connection" JOB_SERIES="$sizes" node "$bench/queues/work.mjs" "$1" "$2" >"$work/$name.log" 2>&1
  fi
  queue_pid=$child child=
  sleep 4
  for size in ${sizes//,/ }; do
    series=$((series + 1))
    DATABASE=$connection node "$bench/queues/queue.mjs" "$1" "$size" $([ "$size" != 2000 ] || echo 200) || die "Queueing for $name failed."
    for ((round = 0; round < 1200 && $(grep -c '^series' "$work/$name.log") < series; round++)); do sleep 0.1; done
  done
  stop_process "$queue_pid"
  if [ "$sizes" = 5 ]; then
    sed -n 's/^series 5 //p' "$work/$name.log" >"$work/$name.rates"
  else
    sed -n 's/^series 20000 //p' "$work/$name.log" | tail -n +2 >"$work/$name.rates"
  fi
  [ -s "$work/$name.rates" ] || die "$name ran no series to its end: $(tail -n 5 "$work/$name.log")"
  metric "jobs.$name" "$(cut -d ' ' -f 1 "$work/$name.rates" | median | cut -d . -f 1)" "jobs/s"
  if [ -n "$3" ]; then
    metric "jobs.$name.p95" "$(sed -n 's/^series 2000 .* //p' "$work/$name.log")" "ms until a job begins, p95 at 200 jobs/s"
  fi
}

rate_of() { # QUEUE-SETTINGS
  cut -d ' ' -f 1 "$work/$1.rates" | median
}

run_queue marketsapi default yes
run_queue graphile-worker fastest yes
run_queue graphile-worker default ''
run_queue pg-boss fastest ''
run_queue pg-boss default ''
metric jobs.to-graphile "$(divide "$(rate_of marketsapi-default)" "$(rate_of graphile-worker-fastest)")" "of graphile-worker's jobs/s at its fastest"
metric jobs.to-pg-boss "$(divide "$(rate_of marketsapi-default)" "$(rate_of pg-boss-fastest)")" "of pg-boss's jobs/s at its fastest"
