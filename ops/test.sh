#!/usr/bin/env bash
# Installs what is missing, builds, checks the format and runs the tests. The last line is `N passed, N failed`.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1

passed=0
failed=0
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit $?
}

# A step that fails before the tests counts as one failure: nothing after it would mean anything.
step() {
    echo "== $1"
    shift
    "$@" || { failed=$((failed + 1)); finish; }
}

step "set up" ops/setup.sh
step "restore, as locked" dotnet restore Dispatch.sln --locked-mode -v quiet
# The build holds the code style too (EnforceCodeStyleInBuild, warnings as errors); what is left to check is whitespace.
# One compiler process for all projects, whatever the machine says: several times less work.
step "build" dotnet build Dispatch.sln -c Release --no-restore -warnaserror --nologo -v quiet -p:UseSharedCompilation=true
step "format" dotnet format whitespace Dispatch.sln --verify-no-changes --no-restore
step "publish" dotnet publish src/Dispatch.Worker -c Release --no-restore -o artifacts/dispatch --nologo -v quiet \
    -p:UseSharedCompilation=true
dotnet build-server shutdown --vbcscompiler >/dev/null
step "bill of materials" dotnet run ops/sbom.cs -- artifacts/dispatch/sbom.cdx.json
export DISPATCH_PROGRAM="$root/artifacts/dispatch/dispatch"

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
# Tests of more than some ten seconds that prove what others touch: DISPATCH_LONG=1 runs them too.
filter=(--filter 'Length!=long')
[ "${DISPATCH_LONG:-}" = 1 ] && filter=()
run_tests() {
    dotnet test "$project" -c Release --no-build --nologo "${filter[@]}" "$@" >"$results/$(basename "$project")" 2>&1
    echo $? >"$results/$(basename "$project").exit"
}

# The tests of the published program wait more than they compute: the others run beside them.
echo '== tests'
whole=tests/Dispatch.System.Tests/Dispatch.System.Tests.csproj
(for project in tests/*/*.csproj; do [ "$project" = "$whole" ] || run_tests "$@"; done) &
project=$whole
run_tests "$@"
wait
for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    output="$results/$name.csproj"
    exit=$(cat "$output.exit" || echo 1)
    echo "== $name"
    cat "$output"

    # Passed!  - Failed:     0, Passed:    20, Skipped:     0, Total:    20, Duration: 3 s - X.dll
    summary=$(grep -E '^(Passed|Failed|Skipped)! +- Failed:' "$output" | tail -n 1)
    count() { sed -nE "s/.*[ -]$1: +([0-9]+).*/\1/p" <<<"$summary"; }
    project_failed=$(count Failed)
    project_skipped=$(count Skipped)
    passed=$((passed + $(count Passed || true) + 0))
    if [ "$exit" -ne 0 ] && [ "${project_failed:-0}" -eq 0 ]; then
        echo "$name ended with $exit and counts as one failure"
        project_failed=1
    fi

    # On a build machine a test that was skipped has proved nothing.
    if [ "${CI:-}" = true ] && [ "${project_skipped:-0}" -gt 0 ]; then
        echo "$name skipped $project_skipped tests, which count as failures here"
        project_failed=$((${project_failed:-0} + project_skipped))
    fi

    failed=$((failed + ${project_failed:-0}))
done
finish
