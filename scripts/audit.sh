#!/usr/bin/env bash
# Asks the package source which of the packages here, the indirect ones included, have known vulnerabilities. Exit code 1 when some have,
# 77 (as test programs say "skipped") when it can't be asked.
# Not every source has that data, and one without it says "none" of anything: a package known to be vulnerable is asked about first.
set -euo pipefail

# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/sdk.sh
. "$(dirname "${BASH_SOURCE[0]}")/sdk.sh"
cd "$root"
prepare_local_dir
require_sdk

control_folder=$(mktemp -d)
trap 'rm -rf "$control_folder"' EXIT

vulnerable() { # PROJECT
  dotnet list "$1" package --vulnerable --include-transitive 2>&1
}

cat >"$control_folder/control.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <NuGetAudit>false</NuGetAudit>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Newtonsoft.Json" Version="12.0.3" />
  </ItemGroup>
</Project>
PROJECT

if ! dotnet restore "$control_folder/control.csproj" >/dev/null 2>&1; then
  echo "Not audited: the package source is out of reach."
  exit 77
fi
if ! vulnerable "$control_folder/control.csproj" | grep -q 'Newtonsoft.Json'; then
  echo "Not audited: the package source has no data about vulnerabilities."
  exit 77
fi

dotnet restore MarketsApi.sln >/dev/null
report=$(vulnerable MarketsApi.sln)
if grep -q 'https://github.com/advisories/' <<<"$report"; then
  echo "$report"
  exit 1
fi
echo "Audited: no package has a known vulnerability."
