#!/usr/bin/env bash
# Run once by the database's container, when its volume is new: a user for dispatch that is no superuser, the roles it
# works as, and its database.
set -euo pipefail

# The password is read from the environment: arguments are in the list of processes.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
    --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv password DISPATCH_DATABASE_PASSWORD
create role dispatch login password :'password';
create role dispatch_worker nologin;
create role dispatch_reader nologin;
create role dispatch_auditor nologin;
grant dispatch_worker, dispatch_reader to dispatch;
create database dispatch owner dispatch;
SQL
