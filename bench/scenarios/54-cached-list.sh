# shellcheck shell=bash
# The list of the first scenario again and again, while it is cached.

program_with
path='/api/markets?status=active&sort=volume&limit=20'
capture cached-list "$program_url$path"
compare cached-list "$path"
