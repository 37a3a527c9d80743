-- Notices: that there is new post, and from whom; to owners and readers who want to be told. Nobody's address is here:
-- it is looked up in the register when a notice is sent, and so is whether they still want it.

-- A notice. At most one for a person, channel and job: that is the primary key, and the idempotency key of the message is
-- made of it. Taken by moving due_at; attempt guards what is said about it afterwards.
create table dispatch.notices (
    job_id       int not null,
    person_id    int not null,                -- who is told: an owner or a reader
    channel      smallint not null check (channel in (1, 2)),             -- 1 e-mail, 2 SMS
    state        smallint not null default 1 check (state between 1 and 5),
                                              -- 1 waiting, 2 sent, 3 failed, 4 suppressed, 5 withdrawn
    failures     smallint not null default 0, -- of the kind that is tried again
    attempt      int not null default 0,      -- how often it was taken
    made_at      timestamptz not null default now(),
    due_at       timestamptz not null default now(),
    settled_at   timestamptz,                 -- nothing more happens to it
    fault        text check (fault ~ '^[a-z0-9._]{1,40}$'),
    primary key (job_id, person_id, channel),
    check ((state = 1) = (settled_at is null))
);
create index notices_due on dispatch.notices (channel, due_at) where state = 1;

-- Jobs whose notices were made: once, and for held rows that were released later. Jobs that were completed before there
-- were notices get none.
create table dispatch.notice_runs (
    job_id       int primary key references dispatch.jobs,
    made_at      timestamptz not null default clock_timestamp(),
    releases     int not null                 -- released rows it has seen
);
insert into dispatch.notice_runs (job_id, releases)
select j.job_id, (select count(*) from dispatch.releases r where r.job_id = j.job_id)
from dispatch.jobs j where j.state in ('completed', 'cancelled', 'refused');

create index releases_at on dispatch.releases (at);

-- How fast notices go out over a channel, told for all workers together: those sent before are paid for until then.
create table dispatch.notice_channels (
    channel      smallint primary key check (channel in (1, 2)),
    paid_until   timestamptz not null default '-infinity'
);
insert into dispatch.notice_channels (channel) values (1), (2);

-- Takes notices that are due, for as long as the lease. A job_id of 0 says: there are some, and no more may go out yet.
-- Whoever waits for the channel's row takes the next ones. Nobody has analyzed millions of notices that were just made:
-- the plan is told to walk the index of what is due.
create function dispatch.take_notices(channel smallint, at_most int, per_second int, lease interval, try_for interval)
returns table (job_id int, person_id int, attempt int, failures smallint, is_stale boolean)
language plpgsql set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_bitmapscan = off
set enable_sort = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
    paid timestamptz;
    moment timestamptz;
    allowed int := at_most;
    taken int;
begin
    if not exists (select from dispatch.notices n
                   where n.channel = take_notices.channel and n.state = 1 and n.due_at <= clock_timestamp()) then
        return;
    end if;
    select c.paid_until into paid from dispatch.notice_channels c
    where c.channel = take_notices.channel for update;
    moment := clock_timestamp();
    if per_second > 0 then
        -- What was not used for a second is lost: no burst is longer.
        paid := greatest(paid, moment - interval '1 second');
        allowed := least(at_most, floor(extract(epoch from moment - paid) * per_second));
        if allowed <= 0 then
            return query select 0, 0, 0, 0::smallint, false;
            return;
        end if;
    end if;
    return query
        with due as (
            select n.job_id, n.person_id from dispatch.notices n
            where n.channel = take_notices.channel and n.state = 1 and n.due_at <= moment
            order by n.due_at limit allowed for update skip locked
        )
        update dispatch.notices n set due_at = moment + lease, attempt = n.attempt + 1
        from due where n.job_id = due.job_id and n.person_id = due.person_id and n.channel = take_notices.channel
        returning n.job_id, n.person_id, n.attempt, n.failures, n.made_at < moment - try_for;
    get diagnostics taken = row_count;
    if per_second > 0 then
        update dispatch.notice_channels c set paid_until = paid + taken * interval '1 second' / per_second
        where c.channel = take_notices.channel;
    end if;
end $$;

-- ── in the register ─────────────────────────────────────────────────────────────────────────────────────────────────

-- Addresses and numbers nothing is sent to, whoever's they are said to be.
create table register.suppressed_contacts (
    contact      text primary key,            -- an e-mail address in small letters, or a number as +4512345678
    added_by     text not null,
    added_at     timestamptz not null default clock_timestamp()
);

-- Who is told in another language than Danish.
create table register.notice_languages (
    person_id    int primary key,
    language     text not null check (language in ('da', 'en'))
);

-- The person a number leads to; null = nobody.
create function register.person_of(cpr bigint) returns int
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with recursive chain as (
        select p.person_id, p.status, p.current_cpr, 0 as changes from register.people p
        where p.cpr = person_of.cpr and not p.removed
        union all
        select p.person_id, p.status, p.current_cpr, c.changes + 1
        from chain c join register.people p on p.cpr = c.current_cpr
        where c.status in (50, 60) and not p.removed and c.changes < 4
    )
    select person_id from chain where status not in (50, 60) limit 1
$$;

alter function register.numbers_of(int) rows 2;
create index read_access_reader on register.read_access (reader);

-- ── what auditors see ───────────────────────────────────────────────────────────────────────────────────────────────

create or replace view ops.notifications as
select job_id, case channel when 1 then 'email' else 'sms' end as channel,
       (array['waiting', 'sent', 'failed', 'suppressed', 'withdrawn'])[state] as state, count(*) as count
from dispatch.notices group by job_id, notices.channel, notices.state;

create view ops.notification_faults as
select job_id, case channel when 1 then 'email' else 'sms' end as channel,
       (array['waiting', 'sent', 'failed', 'suppressed', 'withdrawn'])[state] as state, fault, count(*) as count
from dispatch.notices where fault is not null group by job_id, notices.channel, notices.state, fault;

revoke all on function dispatch.take_notices(smallint, int, int, interval, interval), register.person_of(bigint) from public;
grant execute on function dispatch.take_notices(smallint, int, int, interval, interval), register.person_of(bigint),
    register.numbers_of(int) to dispatch_worker;
grant select, insert, update (state, failures, attempt, due_at, settled_at, fault) on dispatch.notices to dispatch_worker;
grant select, insert, update (made_at, releases) on dispatch.notice_runs to dispatch_worker;
grant select, update (paid_until) on dispatch.notice_channels to dispatch_worker;
grant select, insert, delete on register.suppressed_contacts to dispatch_worker;
grant select, insert, update (language), delete on register.notice_languages to dispatch_worker;
grant select on ops.notification_faults to dispatch_auditor;
