#!/usr/bin/env bash
# backup.sh DATA CONNINFO TO: what a restored dispatch needs — database, spool and keys of one moment — into the new folder
# TO. Workers may go on meanwhile. CONNINFO is libpq's, of the database's owner or a superuser, without a
# password (PGPASSFILE); see ops/runbook.md.
set -euo pipefail

if [ $# -ne 3 ]; then
    sed -n '2,4p' "${BASH_SOURCE[0]}" >&2
    exit 2
fi

data=$1 conninfo=$2 to=$3
umask 077
# Arguments are in the list of processes, ours and those of what is started below.
case $conninfo in
    *[Pp][Aa][Ss][Ss][Ww][Oo][Rr][Dd]*=* | *://*:*@*)
        echo "backup.sh: CONNINFO holds a password; expected none: put it into PGPASSFILE or ~/.pgpass (mode 0600)" >&2
        exit 2
        ;;
esac

mkdir "$to"

# The database first: what left the spool after this moment is what the database does not know yet, and the journal of
# hand-offs does. The other way round a file could be missing that the database counts on.
pg_dump --format=custom --no-password --file="$to/database.dump" --dbname="$conninfo"
cp -a "$data/spool" "$data/keys" "$to/"
[ ! -e "$data/dispatch.json" ] || cp -a "$data/dispatch.json" "$to/"
(cd "$to" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
echo "backup.sh: $(du -sh "$to" | cut -f1) in $to; its keys open every letter in it: keep them apart, or sealed" >&2
