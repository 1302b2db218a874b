# shellcheck shell=bash
# Positions on 2,000 active markets in random order, cached items being invalidated.
# shellcheck disable=SC2154 # what bench/lib has set

program_with
sql "SELECT id FROM markets WHERE status = 'active' ORDER BY md5(id::text) LIMIT 2000" >"$work/position-ids"
beside_rivals compare position /api/markets/ "$bench/lua/position.lua" "$(token user)" "$work/position-ids"
settle
