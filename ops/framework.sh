#!/usr/bin/env bash
# Tests the published program on another patch of the framework than it was published against (docs/adr/0010-ready-to-run.md).
#   ops/framework.sh VERSION [FILTER]     10.0.14; the tests of Dispatch.System.Tests, or those of a filter of dotnet test
# The framework comes from the package feed and stays in a temporary folder. Needs what ops/setup.sh installs.
set -euo pipefail

version=${1:-} filter=${2:-'Length!=long'}
if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
    sed -n '2,4p' "$0" >&2
    exit 2
fi

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d /tmp/dispatch-framework-XXXXXX)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
program=${DISPATCH_PROGRAM:-$root/artifacts/dispatch/dispatch}
[ -x "$program" ] || { echo "framework: no program at '$program'; publish it first" >&2; exit 2; }

cat >"$work/get.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="Microsoft.NETCore.App.Runtime.linux-x64" Version="[$version]" />
    <PackageDownload Include="Microsoft.AspNetCore.App.Runtime.linux-x64" Version="[$version]" />
  </ItemGroup>
</Project>
PROJECT
dotnet restore "$work/get.csproj" --packages "$work/packages" --verbosity quiet
for name in NETCore AspNetCore; do
    pack=$work/packages/microsoft.${name,,}.app.runtime.linux-x64/$version/runtimes/linux-x64
    folder=$work/framework/shared/Microsoft.$name.App/$version
    mkdir -p "$folder"
    cp "$pack"/lib/net10.0/* "$folder"
    [ ! -d "$pack/native" ] || cp "$pack"/native/* "$folder"
done
mkdir -p "$work/framework/host/fxr/$version"
mv "$work/framework/shared/Microsoft.NETCore.App/$version/libhostfxr.so" "$work/framework/host/fxr/$version"

# The tests keep their own framework; only the program gets this one.
printf '#!/bin/sh\nDOTNET_ROOT=%s exec %s "$@"\n' "$work/framework" "$program" >"$work/dispatch"
chmod 755 "$work/dispatch"
trace=$(COREHOST_TRACE=1 "$work/dispatch" --version 2>&1) || true
[[ $trace == *"Microsoft.NETCore.App/$version/"* ]] \
    || { echo "framework: the program did not start on $version" >&2; exit 1; }
cd "$root"
DISPATCH_PROGRAM=$work/dispatch dotnet test tests/Dispatch.System.Tests -c Release --filter "$filter"
