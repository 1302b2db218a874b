# shellcheck shell=bash
# A page of a list: the 20 largest active markets of all, with their creators.

program_with Caching__Enabled=false

path='/api/markets?status=active&sort=volume&limit=20'
capture list "$program_url$path"
beside_rivals compare list "$path"
