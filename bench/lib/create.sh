# shellcheck shell=bash
# What the scenarios share that create markets. Sourced by bench/run.

# As long as that of the median market in the real data: its words are most of what search adds to a write.
export BENCH_DESCRIPTION="This market resolves to Yes if the benchmark has printed its whole report before a cup of coffee, poured when it began, has cooled to 40 degrees \
as read from a kitchen thermometer. Otherwise, it resolves to No. If the machine is restarted or the cup is spilled meanwhile, a second run on the next \
working day counts instead, with a fresh cup, in the same room."

remove_created() {
  sql "DELETE FROM idempotency_keys"
  sql "DELETE FROM jobs WHERE kind = 'index-market'"
  sql "DELETE FROM markets WHERE category = 'benchmark'"
  sql 'TRUNCATE search_unlearned' # what is noted there for the search is gone
  sql 'SELECT search_refresh(true)' >/dev/null
  on_rivals "DELETE FROM markets WHERE category = 'benchmark'"
  settle
}
