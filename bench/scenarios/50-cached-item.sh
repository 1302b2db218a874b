# shellcheck shell=bash
# One market that many callers read, from the process's memory.
# shellcheck disable=SC2154 # what bench/lib has set

program_with
path=/api/markets/$(sql "SELECT id FROM markets WHERE status = 'active' ORDER BY id LIMIT 1")
capture cached-item "$program_url$path"
compare cached-item "$path"
