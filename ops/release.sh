#!/usr/bin/env bash
# Makes a release of a published program: one archive, its bill of materials, their hashes, and a signature over those.
#   ops/release.sh PUBLISHED VERSION KEY OUT
#   ops/release.sh artifacts/dispatch 0.1.0 ~/.ssh/release release/
# KEY is an OpenSSH private key (ssh-keygen -t ed25519), best one kept in hardware. The same program gives the same archive.
set -euo pipefail

[ $# -eq 4 ] || { echo "release: expected PUBLISHED VERSION KEY OUT" >&2; exit 2; }
published=$1 version=$2 key=$3 out=$4
[ -x "$published/dispatch" ] || { echo "release: no program in '$published'; publish it first" >&2; exit 2; }

archive=dispatch-$version-linux-x64.tar.gz
mkdir -p "$out"
# Nothing of this machine: names in order, one owner, one time.
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='2026-01-01 00:00Z' --mode='u+rw,go+r-w' \
    --transform="s,^\.,dispatch-$version," -C "$published" -cf - . | gzip -n -9 >"$out/$archive"
cd "$out"
files=("$archive")
tar -xzOf "$archive" "dispatch-$version/sbom.cdx.json" >sbom.cdx.json 2>/dev/null && files+=(sbom.cdx.json) || rm -f sbom.cdx.json
sha256sum "${files[@]}" >SHA256SUMS
rm -f SHA256SUMS.sig
ssh-keygen -q -Y sign -f "$key" -n dispatch-release SHA256SUMS
