#!/usr/bin/env bash
# Installs what is missing, builds, and sends a made-up nation's tax statements. Options go to `dispatch demo`.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

"$root/ops/setup.sh"
dotnet publish "$root/src/Dispatch.Worker" -c Release -o "$root/artifacts/dispatch" --nologo -v quiet >&2
exec "$root/artifacts/dispatch/dispatch" demo "$@"
