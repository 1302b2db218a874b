# shellcheck shell=bash
# 2,000 markets in random order, cached: as on a popular page.
# shellcheck disable=SC2154 # what bench/lib has set

program_with
sql "SELECT id FROM markets WHERE status = 'active' ORDER BY md5(id::text) LIMIT 2000" >"$work/cached-ids"
beside_rivals compare cached-items /api/markets/ "$bench/lua/item.lua" "$work/cached-ids"
