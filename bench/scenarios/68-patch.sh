# shellcheck shell=bash
# Changes of the name or the description of one creator's markets, up to 2,000 of them, in random order and without If-Match.
# shellcheck disable=SC2154 # what bench/lib has set

program_with
IFS='|' read -r creator display_name < <(sql "SELECT u.id, u.display_name FROM users u JOIN markets m ON m.creator_id = u.id
  WHERE m.status = 'active' GROUP BY u.id ORDER BY count(*) DESC LIMIT 1")
sql "SELECT id FROM markets WHERE status = 'active' AND creator_id = '$creator' LIMIT 2000" >"$work/patch-ids"
beside_rivals compare patch /api/markets/ "$bench/lua/patch.lua" "$(token user --user-id "$creator" --name "$display_name")" "$work/patch-ids"
sql "DELETE FROM jobs WHERE kind = 'index-market'"
settle
