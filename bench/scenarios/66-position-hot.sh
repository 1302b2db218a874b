# shellcheck shell=bash
# Positions on one market, by all connections at once.
# shellcheck disable=SC2154 # what bench/lib has set

program_with
sql "SELECT id FROM markets WHERE status = 'active' ORDER BY id LIMIT 1" >"$work/hot-id"
beside_rivals compare position-hot /api/markets/ "$bench/lua/position.lua" "$(token user)" "$work/hot-id"
settle
