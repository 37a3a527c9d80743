-- The life of keys: which key-encryption key wraps, which is on its way out, and jobs whose data key was destroyed.

create table dispatch.keys (
    key_id      text primary key,
    state       text not null check (state in ('current', 'retiring', 'retired')),
    since       timestamptz not null default clock_timestamp(),
    retired_at  timestamptz
);
create unique index keys_one_current on dispatch.keys (state) where state = 'current';

-- Until now an installation had one key for all its jobs.
insert into dispatch.keys (key_id, state) select key_id, 'current' from dispatch.jobs order by job_id desc limit 1;

alter table dispatch.jobs
    alter column data_key drop not null,
    alter column key_id drop not null,
    add column forgotten_at timestamptz,
    add column forgotten_by text,
    add constraint jobs_data_key check (
        (data_key is null) = (forgotten_at is not null)
        and (data_key is null) = (key_id is null)
        and (data_key is null) = (forgotten_by is not null));

-- Somebody wants a job forgotten; good for a short time, and only with the token, of which a hash is kept.
create table dispatch.forget_requests (
    job_id       int primary key references dispatch.jobs,
    token_sha256 bytea not null,
    operator     text not null,
    at           timestamptz not null default clock_timestamp()
);

do $$
begin
    if exists (select from pg_roles where rolname = 'dispatch_worker') then
        grant select, insert, update on dispatch.keys to dispatch_worker;
        grant select, insert, update, delete on dispatch.forget_requests to dispatch_worker;
    end if;
end $$;
