#!/usr/bin/env bash
# Adds slices to a copy of the tree as a newcomer would, and runs their tests: first by docs/adding-a-feature.md, whose every command and
# listing it executes, then one of each other kind by the template alone. Fails when something doesn't build or pass, or when anything but
# the new folders and openapi.json was changed. Nothing outside the copy is changed, neither the tree nor the developer's templates.
# With --whole it runs every test instead of those of what was added and those that look at every slice: some minutes more, so by hand.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=scripts/scratch.sh
. "$here/scratch.sh"

new_slices=RateMarket
guide=$here/../docs/adding-a-feature.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 711 "$work"
export DOTNET_CLI_HOME=$work/home DOTNET_NOLOGO=1
mkdir -p "$DOTNET_CLI_HOME"

main() {
  case ${1:-} in
    '' | --whole) ;;
    *) fail "Usage: scripts/check-template.sh [--whole]" ;;
  esac
  "$here/cut-template.sh" --check
  make_scratch "$work/tree"
  cd "$work/tree"
  generate_others
  follow_guide
  run_tests "${1:-}" </dev/null >&2 || fail "With the new slices not all tests pass."
  expect_changes
  echo "The guide and the template hold: five slices were added, each in its own two folders." >&2
}

# What the guide doesn't show: every other verb, without a table and with one, with a job.
generate_others() {
  dotnet new install ./templates --debug:custom-hive "$work/hive" >/dev/null
  generate GetMarketMood --verb GET --route '/api/markets/{id:guid}/mood'
  generate GetMarketTally --verb GET --route '/api/markets/{id}/tally' --table market_tallies --migration 20270101_02
  generate FlagMarket --route '/api/markets/{id:guid}/flag' --table market_flags --migration 20270101_03 --job
  generate NudgeMarket --verb PATCH --route '/api/markets/{id}/nudge'
}

generate() { # NAME OPTION...
  dotnet new slice --debug:custom-hive "$work/hive" -n "$@" >/dev/null
  new_slices="$new_slices $1"
}

# Runs the guide's commands, and puts its listings where they say: ```sh, and ```csharp FILE, and so for sql and http.
follow_guide() {
  local part
  awk -v folder="$work/parts" '
    BEGIN { system("mkdir -p " folder) }
    /^```sh$/ { file = sprintf("%s/%03d.sh", folder, ++count); next }
    /^```(csharp|sql|http) / { file = sprintf("%s/%03d.listing", folder, ++count); print $2 >file; next }
    /^```/ { file = ""; next }
    file != "" { print >file }
  ' "$guide"
  for part in "$work"/parts/*; do
    case $part in
      *.sh)
        echo "Running: $(cat "$part")" >&2
        bash -euo pipefail "$part" </dev/null >&2 || fail "A command of docs/adding-a-feature.md failed."
        ;;
      *.listing)
        [ -f "$(head -n 1 "$part")" ] || fail "docs/adding-a-feature.md lists $(head -n 1 "$part"), which the template doesn't make."
        tail -n +2 "$part" >"$(head -n 1 "$part")"
        ;;
    esac
  done
}

run_tests() { # --whole or nothing
  if [ "$1" = --whole ]; then
    echo "Running every test"
    ./test
    return
  fi
  echo "Running the tests of what was added, and those that look at every slice"
  # shellcheck disable=SC2046,SC2086
  ./test $(printf -- '-class MarketsApi.Tests.%s ' 'Architecture.*' 'Infrastructure.OpenApi.*' 'Infrastructure.Auth.*' \
    Infrastructure.Settings.SettingsTextTests Infrastructure.Http.EveryResponseTests 'Clients.*' \
    'Features.MigrateDatabase.*' $(printf 'Features.%s.* ' $new_slices))
}

expect_changes() {
  local slice changed
  for slice in $new_slices; do
    [ -d "Features/$slice" ] && [ -d "tests/MarketsApi.Tests/Features/$slice" ] || fail "Unknown slice: $slice."
  done
  changed=$(git status --porcelain -uall | sed 's/^...//' |
    grep -Ev "^(openapi\.json$|(Features|tests/MarketsApi\.Tests/Features)/(${new_slices// /|})/)") || :
  [ -z "$changed" ] || fail "Adding slices changed more than their folders and openapi.json:
$changed"
}

fail() {
  echo "$*" >&2
  exit 1
}

main "$@"
