#!/usr/bin/env bash
# Cuts the template of a slice (templates/slice) from slices that live: WatchMarket, and for its job RefreshSearch. So what is
# generated builds and passes as they do. With --check it changes nothing and fails when the template is out of date.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

slice=templates/slice
main() {
  case ${1:-} in
    '') ;;
    --check)
      slice=$(mktemp -d)
      trap 'rm -rf "$slice"' EXIT
      ;;
    *)
      echo "Usage: scripts/cut-template.sh [--check]" >&2
      exit 2
      ;;
  esac
  cut_all
  if [ "${1:-}" = --check ] && ! diff -r -x .template.config templates/slice "$slice" >&2; then
    echo "The template of a slice is out of date: run scripts/cut-template.sh, and commit what it changes." >&2
    exit 1
  fi
}

cut_all() {
  local code=$slice/Features/WatchMarket tests=$slice/tests/MarketsApi.Tests/Features/WatchMarket
  rm -rf "$slice/Features" "$slice/tests"
  mkdir -p "$code/Migrations" "$tests"
  local from=Features/WatchMarket proof=tests/MarketsApi.Tests/Features/WatchMarket
  rename <Features/Shared/Migrations/20261122_08_watched_markets.sql |
    sed 's/^-- .*/-- What the slice keeps: one row for each market and user. It goes with the market./' >"$code/Migrations/NUMBER_watched_markets.sql"
  rename <$from/WatchMarketRequest.cs | only_doc "What the caller sends." >"$code/WatchMarketRequest.cs"
  rename <$from/WatchMarketResponse.cs | only_doc "What goes back." >"$code/WatchMarketResponse.cs"
  rename <$from/WatchMarketEndpoint.cs | cut_endpoint >"$code/WatchMarketEndpoint.cs"
  rename <$from/WatchMarketSql.cs | cut_sql >"$code/WatchMarketSql.cs"
  cut_request <$from/WatchMarket.http >"$code/WatchMarket.http"
  job <Features/RefreshSearch/RefreshSearchJob.cs >"$code/WatchMarketJob.cs"
  job <Features/RefreshSearch/RefreshSearchSql.cs | sed 's/WatchMarketSql/WatchMarketJobSql/' >"$code/WatchMarketJobSql.cs"
  rename <$proof/WatchMarketTests.cs | cut_tests >"$tests/WatchMarketTests.cs"
  rename <$proof/WatchMarketAccess.cs | cut_access >"$tests/WatchMarketAccess.cs"
  job <tests/MarketsApi.Tests/Features/RefreshSearch/RefreshSearchJobTests.cs >"$tests/WatchMarketJobTests.cs"
}

# What is peculiar to watching gets a name that fits anything.
rename() {
  sed -E 's/WatchedAt/SavedAt/g; s/watchedAt/savedAt/g; s/watched_at/saved_at/g; s/\bwatcher\b/writer/g; s/\bwatch\b([^"])/saved\1/g
          s/Sell when the gauge falls below 1 m/Mine/'
}

# The type's own line of documentation. Those of its members stay, as examples of the style.
only_doc() { # TEXT
  awk -v text="$1" '/<summary>/ && !done { print "/// <summary>" text "</summary>"; done = 1; next } { print }'
}

cut_endpoint() {
  awk '
    /<summary>/ { print "/// <summary>Yours to say: what WatchMarket does.</summary>"; next }
    /WithSummary/ { print "            .WithSummary(\"WatchMarket\")"; next }
    /Adds the market to/ { print "                \"Yours to say: what it does, for whom, and what happens when it is sent again.\""; next }
    /RateLimited\(/ { print "#if (!isRead)"; print; print "#endif"; next }
    /Permission.Write/ { either("isRead", gensub_("Write", "Read", $0), $0); next }
    /WatchMarketRequest\? request/ { either("isRead", "        [AsParameters] WatchMarketRequest request,", "        WatchMarketRequest request,"); next }
    /ExecuteReturningSingleOrDefaultAsync</ { either("isWrite", $0, gensub_("ExecuteReturning", "Query", $0)); next }
    /Sql.Upsert/ { either("isWrite", $0, gensub_("Upsert", "Select", $0)); next }
    /RequiredUserId/ { either("isRead", "                caller.UserId,", $0); next }
    /caller.DisplayName/ { print "#if (isWrite)"; print; next }
    /caller.Email/ { print; print "#endif"; next }
    { gsub(/request\?\.Note/, "request.Note"); print }
    function gensub_(from, to, text) { sub(from, to, text); return text }
    function either(condition, yes, no) { print "#if (" condition ")"; print yes; print "#else"; print no; print "#endif" }
  '
}

# The statement that writes, and for slices that do not write (yet) one that reads, made of its parts.
cut_sql() {
  awk '
    /<summary>/ { print "#if (isWrite)"; print "    /// <summary>The row, new or with another note, and the row of the user who writes; none of it when the market is not there for them.</summary>"; next }
    /^using .*Users;/ { print "#if (isWrite)"; print; print "#endif"; next }
    /WHERE m.id = @MarketId/ { where = $0; sub(/^ +/, "        ", where) }
    /^    """;|^        """;/ {
      print; print "#else"
      print "    /// <summary>The market, when it is there for the caller: the statement to begin with.</summary>"
      print "    public const string Select = $\"\"\""
      print "#if (hasTable)"
      print "        SELECT m.id AS market_id, coalesce(@Note, saved.note) AS note, coalesce(saved.saved_at, @Now) AS saved_at"
      print "        FROM markets m"
      print "        LEFT JOIN watched_markets saved ON saved.market_id = m.id AND saved.user_id = @UserId"
      print "#else"
      print "        SELECT m.id AS market_id, @Note AS note, @Now AS saved_at"
      print "        FROM markets m"
      print "#endif"
      print where; print "        \"\"\";"; print "#endif"; next
    }
    { print }
  '
}

# The request for editors: one that reads has its note in the address, and no body.
cut_request() {
  awk '
    /^# Put a market/ { print "# Yours to say: what WatchMarket does."; next }
    /^### Watch/ { print "### WatchMarket"; next }
    /anybody watch/ { sub(/anybody watch/, "anybody notice") }
    /^PUT / { print "#if (isRead)"; print $0 "?note=Mine"; print "Authorization: Bearer {{token}}"; print "#else"; ours = 1 }
    { sub(/Look again in spring\./, "Mine"); print }
    END { if (ours) print "#endif" }
  '
}

cut_tests() {
  awk '
    /\[Fact\]/ { held = $0; next }
    held != "" { if (/Takes_a_new_note/) { print "#if (isWrite)"; inside = 1 } print held; held = "" }
    /private Task<RawResponse> SendAsync/ {
      print; print "#if (isRead)"
      print "        api.SendBytesAsync("; print "            \"PUT\","
      print "            $\"/api/markets/{id}/watch?note={Uri.EscapeDataString(note)}\","
      print "            [],"; print "            null,"; print "            (user ?? api.Alice).Token"; print "        );"
      print "#else"; sending = 1; next
    }
    { print }
    sending && /^        \);/ { print "#endif"; sending = 0 }
    inside && /^    }$/ { print "#endif"; inside = 0 }
  '
}

cut_access() {
  awk '
    /new\("PUT/ && !done {
      print "#if (isRead)"
      print "            new(\"PUT /api/markets/{id}/watch\", [200, 200, 200, 200, 200]),"
      print "            new(\"PUT /api/markets/{id}/watch\", [404, 200, 200, 200, 200], [404, 404, 404, 200, 200], IsDraft: true),"
      print "#else"; done = 1
    }
    /^        \];/ { print "#endif" }
    { print }
  '
}

job() {
  sed -E 's/RefreshSearchSql\.Refresh/WatchMarketJobSql.Work/; s/string Refresh =/string Work =/; s/SELECT search_refresh\(false\)/SELECT 1/
          s/RefreshSearch/WatchMarket/g; s/refresh-search/watch-market/g; s/FromSeconds\(3\)/FromMinutes(1)/
          s|<summary>.*</summary>|<summary>Yours to say: what it does, again and again.</summary>|'
}

main "$@"
