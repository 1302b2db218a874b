# shellcheck shell=bash
# New markets while jobs run, until all of them are indexed: what a create costs in the end.
# shellcheck disable=SC2154,SC2034 # what bench/lib has set, and what it uses

# Otherwise the jobs would create the vectors of all the loaded markets meanwhile, and the new ones would pay for it.
run_quietly "$work/reindex.log" "${program[@]}" reindex || die "The search vectors can't be created."
settle
program_with Jobs__Enabled=true

# Asks seldom: each question is a connection of its own, whose CPU counts as PostgreSQL's.
wait_for_index() {
  local round
  for ((round = 0; round < 300; round++)); do
    [ -n "$(sql "SELECT 1 FROM jobs WHERE kind = 'index-market' AND state IN ('queued', 'running')
      UNION ALL SELECT 1 FROM search_unlearned LIMIT 1")" ] || return 0
    sleep 2
  done
  die "The new markets are not indexed after ten minutes."
}

work_after=wait_for_index
beside_rivals compare create-jobs /api/markets "$bench/lua/create.lua" "$(token user)"
work_after=:
program_with
remove_created
