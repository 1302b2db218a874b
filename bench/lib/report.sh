# shellcheck shell=bash
# The table, the metrics under it, and the targets. Sourced by bench/run.
# shellcheck disable=SC2154 # what the others have set

rows=()
metrics=() # "NAME VALUE DESCRIPTION"

# ---- collecting ----

row() { # RESULT TITLE
  local rate p50 p99 program database redis
  rate=$(result "$1" 1) p50=$(result "$1" 2) p99=$(result "$1" 3)
  program=$(result "$1" 4) database=$(result "$1" 5) redis=$(result "$1" 6)
  rows+=("$(awk -v title="$2" -v rate="$rate" -v p50="$p50" -v p99="$p99" -v a="$program" -v b="$database" -v c="$redis" '
    function ms(value) { return value == 0 ? "" : sprintf("%.2f", value) }
    BEGIN { printf "| %-28s | %8d | %7s | %7s | %9.1f | %9.1f | %7.1f | %9.1f |", title, rate, ms(p50), ms(p99), a, b, c, a + b + c }')")
}

metric() { # NAME VALUE DESCRIPTION
  metrics+=("$1 $2 $3")
}

# CPU of a result per request, of all processes together.
cpu_sum() { # RESULT
  awk -v a="$(result "$1" 4)" -v b="$(result "$1" 5)" -v c="$(result "$1" 6)" 'BEGIN { print a + b + c }'
}

divide() { # A B [C]: A / (B + C)
  awk -v a="$1" -v b="$2" -v c="${3:-0}" 'BEGIN { printf "%.2f", (b + c > 0 ? a / (b + c) : 0) }'
}

report_comparison() { # NAME
  row "$1.program" "$1: program"
  if [ -f "$work/results/$1.kestrel" ]; then
    row "$1.kestrel" "$1: floor, bare Kestrel"
    if [ -f "$work/results/$1.sql" ]; then
      row "$1.sql" "$1: floor, pgbench"
    fi
    metric "$1.cpu" "$(divide "$(cpu_sum "$1.program")" "$(result "$1.kestrel" 4)" "$(result "$1.sql" 5)")" \
      "times the floors' CPU per request"
    metric "$1.rate" "$(divide "$(result "$1.program" 1)" "$(result "$1.kestrel" 1)")" "of the bare Kestrel's requests/s"
  fi
  [ ${#running_rivals[@]} -eq 0 ] || report_rivals "$1"
}

report_rivals() { # NAME
  local rival
  for rival in "${running_rivals[@]}"; do
    row "$1.$rival" "$1: rival, ${rival_title[$rival]}"
  done
  metric "$1.to-rival" "$(divide "$(cpu_sum "$1.program")" "$(least cpu_sum "$1")")" "times the CPU per request of the best rival"
  metric "$1.p99-to-rival" "$(divide "$(result "$1.program" 3)" "$(least p99 "$1")")" "times the p99 of the rival with the lowest"
}

p99() { # RESULT
  result "$1" 3
}

least() { # FUNCTION NAME: of the rivals
  local rival
  for rival in "${running_rivals[@]}"; do
    "$1" "$2.$rival"
  done | sort -g | head -n 1
}

# ---- printing ----

print_report() {
  local line name value description
  if [ "$peak_rss" -gt 0 ]; then
    metric rss.load "$peak_rss" "MiB resident at most, under load"
  fi
  echo
  echo "$markets markets, $connections connections, medians of $rounds runs of $seconds s; $(nproc) cores, $(date -u +%Y-%m-%d)"
  echo
  if [ ${#rows[@]} -gt 0 ]; then
    echo "CPU is in microseconds per request. For pgbench, p50 is the mean."
    echo
    echo "| scenario                     |    per s |  p50 ms |  p99 ms |   program |  Postgres |   Redis |       sum |"
    echo "|------------------------------|---------:|--------:|--------:|----------:|----------:|--------:|----------:|"
    printf '%s\n' "${rows[@]}"
    echo
  fi
  for line in "${metrics[@]}"; do
    read -r name value description <<<"$line"
    printf '%-22s %7s %s%s\n' "$name" "$value" "$description" "$(check "$name" "$value")"
  done
}

# ---- targets ----

target_of() { # METRIC: "OPERATOR NUMBER", or nothing
  awk -v name="$1" '$1 == name { print $2, $3 }' "$bench/targets"
}

is_met() { # VALUE OPERATOR NUMBER
  awk -v value="$1" -v operator="$2" -v number="$3" 'BEGIN {
    exit !(operator == "<=" ? value <= number : operator == "<" ? value < number : value >= number) }'
}

check() { # METRIC VALUE
  local operator number
  read -r operator number < <(target_of "$1") || return 0
  if is_met "$2" "$operator" "$number"; then
    echo " (target $operator $number: met)"
  else
    echo " (target $operator $number: MISSED)"
  fi
}

check_targets() {
  local line name value operator number missed=0
  for line in "${metrics[@]}"; do
    read -r name value _ <<<"$line"
    read -r operator number < <(target_of "$name") || continue
    is_met "$value" "$operator" "$number" || missed=$((missed + 1))
  done
  [ "$missed" -eq 0 ] || die "$missed of the targets were missed."
}
