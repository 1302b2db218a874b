# shellcheck shell=bash
# One market that many ask for, from the memory of the process.
# shellcheck disable=SC2154 # what bench/lib has set

program_with
path=/api/markets/$(sql "SELECT id FROM markets WHERE status = 'active' ORDER BY id LIMIT 1")
capture kept-item "$program_url$path"
compare kept-item "$path"
