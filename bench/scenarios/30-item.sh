# shellcheck shell=bash
# One market by its id; 50 of the ids in random order.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set

statements_in=50
sql "SELECT id FROM markets WHERE status <> 'draft' ORDER BY md5(id::text) LIMIT $statements_in" >"$work/ids"
capture item "$program_url/api/markets/$(head -n 1 "$work/ids")"
repeat_sql item "$(head -n 1 "$work/ids")" "$work/ids"
compare item /api/markets/ "$bench/lua/item.lua" "$work/ids"
