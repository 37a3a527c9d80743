-- Who may send, and how fast a job may go out.

create table dispatch.senders (
    cvr          text primary key check (cvr ~ '^[0-9]{8}$'),
    name         text not null,
    kind         text not null check (kind in ('public', 'private')),
    ground       text not null,               -- on which a private sender uses CPR numbers
    added_by     text not null,
    added_at     timestamptz not null default clock_timestamp(),
    closed_by    text,
    closed_at    timestamptz,
    check (kind = 'public' or ground <> ''),
    check ((closed_by is null) = (closed_at is null))
);

grant select, insert, update on dispatch.senders to dispatch_worker;

-- Letters an hour: what the sender asked for, and what an operator allows; the lower one counts. While there is a pace, the
-- next chunk is taken when the last one's rows are paid for: at paced_at + paced_rows hours / pace.
alter table dispatch.jobs
    add column drip_per_hour int check (drip_per_hour > 0),
    add column rate_per_hour int check (rate_per_hour > 0),
    add column rate_reason   text,
    add column pace          int generated always as (least(drip_per_hour, rate_per_hour)) stored,
    add column paced_at      timestamptz,     -- when the last chunk was taken
    add column paced_rows    int,             -- its rows
    add constraint jobs_rate check ((rate_per_hour is null) = (rate_reason is null)),
    add constraint jobs_paced check ((paced_at is null) = (paced_rows is null));
