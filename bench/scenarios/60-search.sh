# shellcheck shell=bash
# Searches by words of the markets' own names, whole, unfinished and misspelt, without the cache.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set

# wrk is one caller, of whom the program would let two statements run at a time.
program_with Caching__Enabled=false "Database__MaxDearPerCaller=$connections"

# Three neighbouring words of a name; then without its last letters; then with two letters exchanged.
sql "SELECT replace(CASE n % 3
       WHEN 0 THEN words
       WHEN 1 THEN left(words, length(words) - 2)
       ELSE overlay(words PLACING substr(words, 4, 1) || substr(words, 3, 1) FROM 3 FOR 2) END, ' ', '+')
     FROM (
       SELECT row_number() OVER (ORDER BY md5(id::text)) AS n,
              array_to_string((regexp_split_to_array(regexp_replace(name, '[^A-Za-z0-9 ]', '', 'g'), ' +'))[2:4], ' ') AS words
       FROM markets WHERE status <> 'draft' ORDER BY md5(id::text) LIMIT 300
     ) texts WHERE length(words) > 8" >"$work/queries"
path='/api/markets/search?q='
warm_up "$program_pid" "$program_url$path" "$bench/lua/item.lua" "$work/queries"
all_connections=$connections
for ((round = 1; round <= rounds; round++)); do
  measure_http search.program "$program_pid" "$program_url$path" "$seconds" "$bench/lua/item.lua" "$work/queries"
  note_rss
  connections=1
  measure_http search.single "$program_pid" "$program_url$path" "$seconds" "$bench/lua/item.lua" "$work/queries"
  connections=$all_connections
done
row search.program "search: program"
row search.single "search: one at a time"
metric search.p99 "$(result search.single 3)" "ms at the 99th percentile, one at a time"
