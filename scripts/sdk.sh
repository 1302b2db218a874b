# shellcheck shell=bash
# The .NET SDK, and building with it. Sourced after common.sh.
# shellcheck disable=SC2154 # what that has set

# No daemons left behind, no greetings, no certificate in the user's store.
export DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_TELEMETRY_OPTOUT="${DOTNET_CLI_TELEMETRY_OPTOUT:-1}"

require_sdk() {
  local wanted major dir version installed
  wanted=$(sed -n 's/.*"version": *"\([0-9.]*\)".*/\1/p' "$root/global.json")
  major=${wanted%%.*}
  if ! command -v dotnet >/dev/null; then # where Microsoft's install script and installer put it
    for dir in "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/share/dotnet /usr/local/share/dotnet /usr/lib/dotnet; do
      if [ -n "$dir" ] && [ -x "$dir/dotnet" ]; then
        export PATH="$dir:$PATH" DOTNET_ROOT="$dir"
        break
      fi
    done
  fi
  # global.json decides which of the installed SDKs runs, if any.
  version=$(cd "$root" && dotnet --version 2>&1) || version="none: $version"
  if [ "${version%%.*}" != "$major" ]; then
    installed=$(dotnet --list-sdks 2>/dev/null | awk '{ printf "%s%s", separator, $1; separator = ", " }') || installed=
    case ", $installed" in *", $major."*) say "${version#none: }" ;; esac # there is one, but it does not work or is too old
    die "This needs the .NET $major SDK, $wanted or later of its kind (https://dotnet.microsoft.com/download/dotnet/$major.0); here is ${installed:-none}."
  fi
}

# Builds quietly in Release, one build at a time in this checkout. From its root, where global.json counts. The projects share one
# compiler, which is warm from the second on, and which doesn't profile itself, as that would pay off too late.
build() { # PROJECT-OR-SOLUTION ARGUMENT...
  local code=0
  exec 7>"$local_dir/locks/build"
  lock_exclusive 7
  daemon=-pipename:marketsapi-$$
  # shellcheck disable=SC2016
  DOTNET_TieredPGO=0 run_quietly "$local_dir/build.log" bash -c 'cd "$0" && exec dotnet build "$@"' "$root" "$@" -c Release -v q --nologo \
    -nodeReuse:false -p:UseRazorBuildServer=false -p:UseSharedCompilation=true -p:SharedCompilationId="${daemon#*:}" 7>&- || code=$?
  end_daemon
  exec 7>&-
  return "$code"
}
