#!/usr/bin/env bash
# restore.sh FROM DATA CONNINFO: puts a backup of backup.sh into an empty database and into DATA. No dispatch may run.
# What is not in a backup stays: the outbox, receipts, and reports with the journal of hand-offs, which know more than the
# backup does.
set -euo pipefail

if [ $# -ne 3 ]; then
    sed -n '2,4p' "${BASH_SOURCE[0]}" >&2
    exit 2
fi

from=$1 data=$2 conninfo=$3
umask 077
# Arguments are in the list of processes, ours and those of what is started below.
case $conninfo in
    *[Pp][Aa][Ss][Ss][Ww][Oo][Rr][Dd]*=* | *://*:*@*)
        echo "restore.sh: CONNINFO holds a password; expected none: put it into PGPASSFILE or ~/.pgpass (mode 0600)" >&2
        exit 2
        ;;
esac

(cd "$from" && sha256sum --check --quiet SHA256SUMS)
if [ "$(psql --no-psqlrc --no-password -tAc "select count(*) from pg_namespace where nspname = 'dispatch'" "$conninfo")" != 0 ]; then
    echo "restore.sh: the database has a schema 'dispatch' already; expected a new, empty one" >&2
    exit 1
fi

pg_restore --exit-on-error --no-password --dbname="$conninfo" "$from/database.dump"
mkdir -p "$data"
aside="$data/before-restore-$(date -u +%Y%m%dT%H%M%S)-$$"
for folder in spool keys; do
    if [ -e "$data/$folder" ]; then
        mkdir -p "$aside"
        mv "$data/$folder" "$aside/"
    fi
    cp -a "$from/$folder" "$data/"
done
if [ -e "$from/dispatch.json" ] && [ ! -e "$data/dispatch.json" ]; then
    cp -a "$from/dispatch.json" "$data/"
fi
echo "restore.sh: done; what was in the way is in $aside. Go on as ops/runbook.md says, 'After a restore'" >&2
