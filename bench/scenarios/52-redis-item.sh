# shellcheck shell=bash
# One market that many callers read, from Redis: without the cache in memory.
# shellcheck disable=SC2154 # what bench/lib has set

if [ -n "$redis" ]; then
  program_with Caching__MemoryMegabytes=0
  path=/api/markets/$(sql "SELECT id FROM markets WHERE status = 'active' ORDER BY id LIMIT 1")
  capture redis-item "$program_url$path"
  compare redis-item "$path"
fi
