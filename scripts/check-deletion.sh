#!/usr/bin/env bash
# Deletes slices and their tests from a copy of the tree, and runs the tests of what is left: nothing else may need them. Those that are named,
# or three that stand for the kinds: one that writes and has a table and triggers of its own, one that reads a table that others fill, one that
# lists. They go together, since a run takes minutes, and slices can't hide each other's faults: none may use another (DependencyTests).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=scripts/scratch.sh
. "$here/scratch.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 711 "$work"
make_scratch "$work/tree"
cd "$work/tree"
export RunAnalyzers=false # ./test has just had each of these files analyzed

# The verbs' tests start a process each, know no slice but their own, and have just run in ./test.
verbs=()
for verb in ImportMarkets SeedMarkets MigrateDatabase IssueToken CheckHealth; do
  verbs+=(-class- "MarketsApi.Tests.Features.$verb.*")
done

[ $# -gt 0 ] || set -- WatchMarket GetMarketHistory ListJobs
echo "Without $* …" >&2
for slice in "$@"; do
  if [ ! -d "Features/$slice" ]; then
    echo "Unknown slice: $slice." >&2
    exit 1
  fi
  rm -r "Features/$slice" "tests/MarketsApi.Tests/Features/$slice"
done
# The document describes the current endpoints, so it is generated again.
if ! UPDATE_OPENAPI=1 ./test -class 'MarketsApi.Tests.Architecture.*' -class 'MarketsApi.Tests.Infrastructure.OpenApi.*' \
  -class 'MarketsApi.Tests.Infrastructure.Auth.*' -class 'MarketsApi.Tests.Features.*' "${verbs[@]}" </dev/null >&2; then
  echo "The rest fails without $*." >&2
  exit 1
fi
echo "What is left passes without $*." >&2
