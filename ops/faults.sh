#!/usr/bin/env bash
# The long set of fault tests: every case of tests/Dispatch.System.Tests/Faults, with as many seeds as asked for. Without
# --only also, once, the long tests of faults that have one of their own: migrations, gates, restored databases.
#   ops/faults.sh [--only F21,F28] [--seeds N] [--first SEED]
# Prints the table of results and ends with 0 when every row of every trial had its one effect, and those tests passed.
# Needs root (mounts, strace).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
export DISPATCH_FAULTS=all DISPATCH_FAULT_SEEDS=20 DISPATCH_FAULT_SEED=1
while [ $# -gt 0 ]; do
    case $1 in
        --only) DISPATCH_FAULTS=$2 ;;
        --seeds) DISPATCH_FAULT_SEEDS=$2 ;;
        --first) DISPATCH_FAULT_SEED=$2 ;;
        *) sed -n '2,6p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done

ops/setup.sh
# Only these tests change a clock.
compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || apt-get install -y -qq --no-install-recommends faketime >&2
if [ -z "${DISPATCH_PROGRAM:-}" ]; then
    dotnet publish src/Dispatch.Worker -c Release -o artifacts/dispatch --nologo -v quiet >&2
    export DISPATCH_PROGRAM="$root/artifacts/dispatch/dispatch"
fi

DISPATCH_FAULT_RESULTS=$(mktemp)
export DISPATCH_FAULT_RESULTS
trap 'rm -f "$DISPATCH_FAULT_RESULTS"' EXIT
exit=0
run_tests() {
    dotnet test tests/Dispatch.System.Tests -c Release --nologo --filter "$1" >&2 || exit=$?
}

run_tests FullyQualifiedName~FaultTests
if [ "$DISPATCH_FAULTS" = all ]; then
    run_tests 'FullyQualifiedName~.GateTests|FullyQualifiedName~.MigrationKillTests|FullyQualifiedName~.RestoreTests'
fi
echo '| case | fault | seed | lost | dup | unexpected | stuck | recovered | seen | s |'
echo '|---|---|---|---|---|---|---|---|---|---|'
sort -t'|' -k2,2 -k4,4n "$DISPATCH_FAULT_RESULTS"
exit "$exit"
