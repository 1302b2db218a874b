# shellcheck shell=bash
# Getting the servers' binaries onto this machine. Sourced after common.sh, postgres.sh and redis.sh.
# shellcheck disable=SC2154 # what those have set

instead_of_postgres="name one in DATABASE_URL, or use \`docker compose up\`"

# Finds PostgreSQL and Redis, and installs what is missing where that is possible. Fails without PostgreSQL; Redis is optional.
require_servers() { # postgres|redis...
  local wanted=" $* " packages=()
  if [[ $wanted == *' postgres '* ]] && ! find_postgres; then
    packages+=("postgresql>=$postgres_minimum")
  fi
  # A machine that could not install Redis is not asked again and again.
  if [[ $wanted == *' redis '* ]] && ! find_redis && [ ! -e "$local_dir/redis-not-installable" ]; then
    packages+=(redis-server)
  fi
  if [ ${#packages[@]} -gt 0 ] && can_install; then
    # If only one of the two can be installed, the program can run without Redis.
    install_packages "${packages[@]}" || [ ${#packages[@]} -eq 1 ] || install_packages "${packages[0]}" || :
  fi
  if [[ $wanted == *' postgres '* ]] && ! find_postgres; then
    die "This needs PostgreSQL $postgres_minimum or later with its contrib modules: install it ($(how_to_install)), or $instead_of_postgres."
  fi
  if [[ $wanted == *' redis '* ]] && ! find_redis; then
    : >"$local_dir/redis-not-installable"
    say "Without Redis (no redis-server here): caching and rate limiting are per process."
  fi
}

how_to_install() {
  if [ "$(uname)" = Darwin ]; then
    echo "brew install postgresql@17"
  elif command -v apt-get >/dev/null; then
    echo "sudo apt-get install postgresql, or from apt.postgresql.org where that is older"
  else
    echo "package postgresql-server or postgresql, and postgresql-contrib"
  fi
}

# Whether packages can be installed: Debian or Ubuntu, as root or with sudo (which may ask for a password on a terminal).
as_root=()
can_install() {
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" -eq 0 ]; then
    as_root=()
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  elif command -v sudo >/dev/null && [ -t 0 ] && [ -t 2 ]; then
    sudo -p "Password of %u, to install ${packages[*]} (Ctrl-C to leave it): " -v || return 1
    as_root=(sudo)
  else
    return 1
  fi
}

install_packages() { # PACKAGE...
  say "Installing $* (the system's packages, binaries only: no service is started or left enabled) …"
  run_quietly "$local_dir/install.log" ${as_root[@]+"${as_root[@]}"} bash "$root/scripts/install-debian.sh" "$@" ||
    { say "Installing $* failed."; return 1; }
}
