# shellcheck shell=bash
# The list of the first scenario again and again, as long as it is kept.

program_with
path='/api/markets?status=active&sort=volume&limit=20'
capture kept-list "$program_url$path"
compare kept-list "$path"
