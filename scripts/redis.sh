# shellcheck shell=bash
# Private Redis servers: loopback only, nothing written to disk. Each lives in a folder of its own. Sourced after common.sh.
# shellcheck disable=SC2034 # attempt

redis_port= # of the server that start_redis has started

find_redis() {
  command -v redis-server >/dev/null
}

# Prints the process id of the server that runs from FOLDER, or fails. Redis shows its address as its command line.
redis_pid() { # FOLDER
  local pid
  pid=$(cat "$1/redis.pid" 2>/dev/null) && is_alive "$pid" || return 1
  case $(command_line_of "$pid") in *"redis-server 127.0.0.1:$(cat "$1/port") "*) echo "$pid" ;; *) return 1 ;; esac
}

redis_responds() { # FOLDER [PASSWORD]
  local pong
  redis_pid "$1" >/dev/null || return 1
  pong=$(
    exec 3<>"/dev/tcp/127.0.0.1/$(cat "$1/port")"
    printf '%sPING\r\n' "${2:+AUTH $2$'\r\n'}" >&3
    while read -r -t 2 line <&3; do
      case $line in +PONG*) echo yes && break ;; -*) break ;; esac
    done
  ) 2>/dev/null
  [ "$pong" = yes ]
}

# Starts the server of FOLDER unless it runs, on the port that it had last if that is free, and sets redis_port.
start_redis() { # FOLDER [PASSWORD]
  local folder=$1 password=${2:-} attempt round
  mkdir -p "$folder"
  chmod 700 "$folder"
  redis_port=$(cat "$folder/port" 2>/dev/null) || redis_port=
  ! redis_responds "$folder" "$password" || return 0
  stop_redis "$folder" # one that hangs
  for attempt in 1 2 3; do
    if [ -z "$redis_port" ] || port_in_use "$redis_port"; then
      redis_port=$(free_port)
    fi
    echo "$redis_port" >"$folder/port"
    rm -f "$folder/redis.pid" "$folder/log"
    (umask 077 && cat >"$folder/redis.conf") <<END
bind 127.0.0.1
port $redis_port
${password:+requirepass $password}
save ""
appendonly no
databases 4096
dir "$folder"
pidfile "$folder/redis.pid"
logfile "$folder/log"
daemonize yes
END
    # It goes into the background by itself, into a session of its own, and takes the port only there.
    redis-server "$folder/redis.conf" >/dev/null 2>&1 </dev/null 7>&- 8>&- 9>&- || :
    for ((round = 0; round < 200; round++)); do
      ! redis_responds "$folder" "$password" || return 0
      ! grep -qs 'Failed listening' "$folder/log" || break # another program was faster
      sleep 0.05
    done
    stop_redis "$folder"
    redis_port=
  done
  say "Redis does not start ($folder/log says why); carrying on without it."
  return 1
}

stop_redis() { # FOLDER
  local pid round
  pid=$(redis_pid "$1") || return 0
  kill -TERM "$pid" 2>/dev/null || return 0
  for ((round = 0; round < 100; round++)); do
    redis_pid "$1" >/dev/null || return 0
    sleep 0.05
  done
  kill -KILL "$pid" 2>/dev/null || :
}

# The connection string in StackExchange.Redis's form.
redis_connection() { # [PASSWORD]
  echo "127.0.0.1:$redis_port${1:+,password=$1}"
}
