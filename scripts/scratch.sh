# shellcheck shell=bash
# A copy of the working tree to try something in, in a repository of its own, so that `git status` there tells what was changed.
# Sourced, not run. Prints its path; the caller removes it.

make_scratch() { # FOLDER
  local root
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
  mkdir -p "$1"
  chmod 711 "$1" # PostgreSQL runs as another user when we are root, and has to pass through here
  # What git knows or would take, as it stands in the working tree; a file that was deleted there is listed, but gone.
  (cd "$root" && git ls-files -co --exclude-standard -z | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || printf '%s\0' "$file"
  done | tar -c --null -T -) | tar -x -C "$1"
  git -C "$1" init -q
  git -C "$1" add -A
  git -C "$1" -c user.name=check -c user.email=check@localhost commit -qm scratch
}
