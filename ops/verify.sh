#!/usr/bin/env bash
# Before an installation: are these the files that were released?
#   ops/verify.sh FOLDER SIGNERS
# SIGNERS has a line `release PUBLIC-KEY` for each key that may sign; get it another way than the release.
set -euo pipefail

[ $# -eq 2 ] || { echo "verify: expected FOLDER SIGNERS" >&2; exit 2; }
signers=$(realpath "$2")
cd "$1"
ssh-keygen -Y verify -f "$signers" -I release -n dispatch-release -s SHA256SUMS.sig <SHA256SUMS
sha256sum --check --strict SHA256SUMS
