# shellcheck shell=bash
# Shared by all scripts: messages, locks, ports, random values, and child processes that signals reach.
# Sourced, not run. Keeps to bash 3.2, which is what macOS has.

unset CDPATH
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
local_dir=$root/.local # all that is private to this checkout; git ignores it
export HOME            # bash knows it even where the environment lacks it (cron, CI); dotnet needs it there

# ---- messages: to stderr, because stdout belongs to the program ----

# A closed terminal must not stop the cleanup, hence the `|| :`.
say() { printf '%s\n' "$*" >&2 || :; }

die() {
  say "$*"
  exit 1
}

# ---- files ----

prepare_local_dir() {
  mkdir -p "$local_dir/locks" 2>/dev/null || :
  if [ ! -w "$local_dir" ] || [ ! -w "$local_dir/locks" ]; then
    die "$local_dir belongs to another user: run this as that user, or delete that folder (and its data) first."
  fi
  # A user who can open a lock's file can hold it, and would block every start and stop.
  chmod 700 "$local_dir" "$local_dir/locks"
  if [ "$(id -u)" = 0 ]; then
    chmod 711 "$local_dir" # PostgreSQL then runs as another user, and has to pass through. What is private below is 0600 or 0700.
  fi
}

owner_of() { # shellcheck disable=SC2012 # ls, because stat has other options on macOS
  ls -ld "$1" | awk '{ print $3 }'
}

random_hex() { # BYTES
  od -An -v -tx1 -N"$1" /dev/urandom | tr -d ' \n'
}

# Prints the value stored in FILE, readable by its owner only; creates it the first time.
stored_secret() { # FILE BYTES
  if [ ! -s "$1" ]; then
    (umask 077 && random_hex "$2" >"$1.new" && mv -f "$1.new" "$1")
  fi
  cat "$1"
}

# ---- locks: flock(2) on a file descriptor, so that the kernel frees them however their holder ends ----
# Descriptor 7: a build. 8: starting and stopping servers. 9: using them. Long-lived servers must not inherit these.

lock_shared() { flock_fd -s "$1"; }         # FD
lock_exclusive() { flock_fd -x "$1"; }      # FD
try_lock_exclusive() { flock_fd -xn "$1"; } # FD

flock_fd() { # -s|-x|-xn FD
  if command -v flock >/dev/null; then
    # Two options, not one cluster: BusyBox knows only short ones, and only so.
    case $1 in -xn) flock -x -n "$2" ;; *) flock "$1" "$2" ;; esac
  elif command -v perl >/dev/null; then # macOS. The lock belongs to the open file, so it outlives perl.
    perl -e 'use Fcntl ":flock"; my %how = ("-s" => LOCK_SH, "-x" => LOCK_EX, "-xn" => LOCK_EX | LOCK_NB);
             open(my $file, ">&=", $ARGV[1]) or exit 0; exit !flock($file, $how{$ARGV[0]});' -- "$1" "$2"
  fi
}

# ---- processes ----

# A process that has ended has no command line any more, even while a container's init leaves it unreaped (`kill -0` still
# finds it then); and another user's process has one (`kill -0` isn't permitted).
is_alive() { # PID
  [ -n "$(command_line_of "$1")" ]
}

command_line_of() { # PID; a small container has no ps
  if [ -d /proc/self ]; then
    { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null || :
  else
    ps -o args= -p "$1" 2>/dev/null || :
  fi
}

# ---- ports ----

port_in_use() { # PORT: does anything listen on loopback?
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

# Below the range that the system hands out to outgoing connections. Another program may still take the port first.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    port_in_use "$port" || break
  done
  echo "$port"
}

http_status() { # PORT PATH: the status code of a GET on loopback, without needing curl
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
    read -r -t 5 _ status _ <&3 && echo "$status"
  ) 2>/dev/null || :
}

# ---- child processes and signals ----
# bash runs a trap only after the command in the foreground has ended. So long commands run in the background with our
# stdin, and we wait for it. A signal is passed on to it as TERM (a script's background children ignore INT); it ends in its own
# time, and then we end. `on_exit` names a function that cleans up.

child=     # the process that we wait for
signalled= # number of the first signal that asked us to end
signalled_at=0
woken= # whether one arrived since we began to wait
on_exit=:
daemon= # what the command line of a process contains that a command has left behind

handle_signal() { # NUMBER
  woken=yes
  if [ -z "$child" ]; then
    exit $((128 + $1))
  elif [ "$1" -eq 2 ] && [ -n "$signalled" ] && [ "$SECONDS" -gt $((signalled_at + 1)) ]; then
    kill -KILL "$child" 2>/dev/null || : # a second Ctrl-C, and not just the echo of the first
  else
    kill -TERM "$child" 2>/dev/null || :
  fi
  if [ -z "$signalled" ]; then
    signalled=$1 signalled_at=$SECONDS
  fi
}

end_daemon() {
  local folder
  [ -n "$daemon" ] || return 0
  if [ -d /proc/self ]; then
    for folder in /proc/[0-9]*; do
      [[ $(command_line_of "${folder#/proc/}") != *" $daemon "* ]] || kill "${folder#/proc/}" 2>/dev/null || :
    done
  else
    pkill -f -- "$daemon" || :
  fi
  daemon=
}

handle_exit() {
  local code=$?
  trap '' HUP INT TERM # nothing interrupts the cleaning up
  set +e
  end_daemon
  "$on_exit"
  exit "$code"
}

handle_signals() {
  trap handle_exit EXIT
  trap 'handle_signal 1' HUP
  trap 'handle_signal 2' INT
  trap 'handle_signal 15' TERM
}

# bash cannot trap a signal that it was started with as ignored, and that is how another script's `./run &` starts us.
allow_interrupt() { # "$0" "$@"
  local ignored
  ignored=$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status 2>/dev/null) || :
  if [ -n "$ignored" ] && (((0x$ignored & 2) != 0)) && env --default-signal=INT true 2>/dev/null; then
    exec env --default-signal=INT "$@"
  fi
}

# Waits for $child, whatever signals arrive, and returns its exit code.
wait_for_child() {
  local code=127 last
  while :; do
    woken='' last=0
    wait "$child" || last=$?
    [ "$last" -eq 127 ] || code=$last # 127 the second time: we have its code already
    [ -n "$woken" ] || break
  done
  child=
  return "$code"
}

# Starts a command (a real one, not a function) with our stdin. Should we be killed, it ends, too, where the system sees to that.
tether=()
if setpriv --pdeathsig TERM true 2>/dev/null; then
  tether=(setpriv --pdeathsig TERM --)
fi

start_child() { # COMMAND ARGUMENT...
  ${tether[@]+"${tether[@]}"} "$@" <&0 &
  child=$!
}

# Runs a command to its end, and ends with it when a signal came.
run_child() { # COMMAND ARGUMENT...
  local code=0
  start_child "$@"
  wait_for_child || code=$?
  [ -z "$signalled" ] || exit $((128 + signalled))
  return "$code"
}

# The same, showing the output only when the command fails.
run_quietly() { # LOG COMMAND ARGUMENT...
  local log=$1 code=0
  shift
  run_child "$@" >"$log" 2>&1 </dev/null || code=$?
  [ "$code" -eq 0 ] || cat "$log" >&2
  return "$code"
}

# `<&0` above needs a stdin, and a cron job may have none.
{ : <&0; } 2>/dev/null || exec </dev/null
