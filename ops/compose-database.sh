#!/usr/bin/env bash
# Run once by the database's container, when its volume is new: a user for dispatch that is no superuser, the roles it
# works as, and its database.
set -euo pipefail

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set password="$DISPATCH_DATABASE_PASSWORD" \
    --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
create role dispatch login password :'password';
create role dispatch_worker nologin;
create role dispatch_reader nologin;
create role dispatch_auditor nologin;
grant dispatch_worker, dispatch_reader to dispatch;
create database dispatch owner dispatch;
SQL
