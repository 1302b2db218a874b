# shellcheck shell=bash
# One market by its id; 400 of the ids in random order.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set

program_with Caching__Enabled=false

sql "SELECT id FROM markets WHERE status <> 'draft' ORDER BY md5(id::text) LIMIT 400" >"$work/ids"
capture item "$program_url/api/markets/$(head -n 1 "$work/ids")"
vary_ids item "$(head -n 1 "$work/ids")" "$work/ids"
compare item /api/markets/ "$bench/lua/item.lua" "$work/ids"
