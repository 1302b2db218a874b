# shellcheck shell=bash
# A page at nine tenths of the list's depth, reached by cursor, beside the first page; in each order.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set

program_with Caching__Enabled=false

worst=0
for sort in volume createdAt endsAt name; do
  first="/api/markets?sort=$sort&limit=20"
  cursor=$(walk "$program_url/api/markets?sort=$sort&limit=100" $((markets * 9 / 1000)))
  deep="$first&cursor=$cursor"
  warm_up "$program_pid" "$program_url$deep"
  for ((round = 1; round <= rounds; round++)); do
    measure_http "page.$sort.first" "$program_pid" "$program_url$first" "$seconds"
    measure_http "page.$sort.deep" "$program_pid" "$program_url$deep" "$seconds"
    note_rss
  done
  row "page.$sort.first" "page: first by $sort"
  row "page.$sort.deep" "page: deep by $sort"
  ratio=$(divide "$(result "page.$sort.deep" 3)" "$(result "page.$sort.first" 3)")
  metric "page.$sort" "$ratio" "times the first page's p99, at depth $((markets * 9 / 10))"
  worst=$(printf '%s\n' "$worst" "$ratio" | sort -g | tail -n 1)
done
metric page.p99 "$worst" "at most, in any order"
