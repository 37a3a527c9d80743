-- Who asked for a print-out, which row of which job prints a letter, and how long what is told of people is kept.

-- ── print-outs ──────────────────────────────────────────────────────────────────────────────────────────────────────

-- The operator whose command it was: the trail names them when the letters are opened, whoever runs that.
alter table register.own_letters add column asked_by text;

-- The job it became; null when nothing of it could be sent. What its letters were is counted when they are purged.
alter table register.own_jobs
    add column job_id   int references dispatch.jobs,
    add column letters  bigint,
    add column purge_no int references dispatch.purges;
update register.own_jobs o set job_id = j.job_id
from dispatch.jobs j where o.submitted_at is not null and j.reference = o.reference and j.print_of is not distinct from o.print_of
  and not exists (select from dispatch.jobs t where t.reference = o.reference and t.job_id > j.job_id);
create unique index own_jobs_job on register.own_jobs (job_id);

-- The row of that job. A letter that is not printed has its reason: fault.
alter table register.print_outs add column row_no int;
update register.print_outs o set row_no = n.row_no
from (
    select p.letter_no, p.letter_job, p.letter_row,
           row_number() over (partition by p.reference order by p.letter_no, p.letter_row) as row_no
    from register.print_outs p join register.own_jobs w on w.reference = p.reference and w.job_id is not null
    where p.fault is null and not exists (
        select from mailbox.recalls r
        where r.job_id = p.letter_job and p.letter_row between r.first_row and r.last_row
          and r.recalled_at < w.submitted_at)
) n
where n.letter_no = o.letter_no and n.letter_job = o.letter_job and n.letter_row = o.letter_row;
create index print_outs_of on register.print_outs (letter_job, letter_row);

-- Asked for when a job is recalled or forgotten.
create index jobs_print_of on dispatch.jobs (print_of) where print_of is not null;

grant update (job_id) on register.own_jobs to dispatch_worker;
grant update (row_no) on register.print_outs to dispatch_worker;

-- ── retention ───────────────────────────────────────────────────────────────────────────────────────────────────────

alter table dispatch.purges
    drop constraint purges_class_check, drop constraint purges_check,
    add constraint purges_class_check check (
        class in ('list', 'letters', 'pieces', 'print_files', 'notices', 'receipts', 'own_letters')),
    add constraint purges_check check ((job_id is null) = (class in ('receipts', 'own_letters')));

alter table dispatch.retention_votes
    drop constraint retention_votes_class_check,
    add constraint retention_votes_class_check check (
        class in ('list', 'letters', 'pieces', 'print_files', 'notices', 'receipts', 'own_letters'));

create or replace function dispatch.agreed_days(class text) returns int
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select least(
        case class when 'list' then 90 when 'letters' then 36500 when 'pieces' then 365 when 'print_files' then 90
                   when 'notices' then 365 when 'receipts' then 1825 when 'own_letters' then 365 end,
        (select min(v.days) from dispatch.retention_votes v where v.class = agreed_days.class
         group by v.operator order by 1 offset 1 limit 1))
$$;

-- When the last thing happened to a job that concerns a class; null while something still may.
create function dispatch.class_final_at(class text, job_id int) returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select case class
        when 'list' then dispatch.final_at(class_final_at.job_id)
        when 'letters' then dispatch.final_at(class_final_at.job_id)
        when 'notices' then (
            select greatest(dispatch.final_at(class_final_at.job_id), max(n.settled_at))
            from dispatch.notices n where n.job_id = class_final_at.job_id
            having dispatch.final_at(class_final_at.job_id) is not null and count(*) = count(n.settled_at))
        else dispatch.paper_final_at(class_final_at.job_id) end
$$;

-- What became of notices that were purged.
create table dispatch.notice_counts (
    job_id       int not null references dispatch.jobs,
    channel      smallint not null check (channel in (1, 2)),
    state        smallint not null check (state between 2 and 5),
    fault        text not null,               -- empty = none
    count        bigint not null check (count > 0),
    primary key (job_id, channel, state, fault)
);

-- The one way in which notices go. It trusts nobody, as purge_values.
create function dispatch.purge_notices(purge_no int) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    job     int;
    purged  bigint;
begin
    select p.job_id into job from dispatch.purges p
    where p.purge_no = purge_notices.purge_no and p.state = 'open' and p.class = 'notices'
      and clock_timestamp() >= make_interval(days => p.days) + dispatch.class_final_at('notices', p.job_id);
    if not found then
        raise exception 'purge % is not on record, or its job is not final for long enough', purge_notices.purge_no
            using errcode = 'no_data_found';
    end if;
    with gone as (
        delete from dispatch.notices n where n.job_id = job returning n.channel, n.state, coalesce(n.fault, '') as fault),
    kept as (
        insert into dispatch.notice_counts (job_id, channel, state, fault, count)
        select job, g.channel, g.state, g.fault, count(*) from gone g group by g.channel, g.state, g.fault)
    select count(*) into purged from gone;
    return purged;
end $$;

-- The operator's own jobs whose letters are done with for so many days. A cover's print-out must be done with too.
create function register.due_own_jobs(days int) returns table (reference text, letters bigint, final_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with jobs as (
        select o.reference,
               case when o.job_id is null then o.submitted_at else dispatch.paper_final_at(o.job_id) end as final_at
        from register.own_jobs o
        where o.purge_no is null and o.submitted_at <= clock_timestamp() - make_interval(days => due_own_jobs.days)),
    owed as (
        select j.reference, count(distinct l.letter_no) as letters, greatest(j.final_at, max(p.final_at)) as final_at,
               bool_or(o.letter_no is not null and o.fault is null and p.final_at is null) as is_open
        from jobs j
        join register.own_letters l on l.reference = j.reference
        left join register.print_outs o on o.letter_no = l.letter_no
        left join jobs p on p.reference = o.reference
        where j.final_at is not null
        group by j.reference, j.final_at)
    select o.reference, o.letters, o.final_at from owed o
    where not o.is_open and o.final_at <= clock_timestamp() - make_interval(days => due_own_jobs.days)
$$;

-- Whom the operator owed letters, and what was printed of whose mailbox. Its caller counted them in this transaction.
create function register.purge_own_letters(purge_no int) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    counted  bigint;
    kept     int;
    purged   bigint;
begin
    select p.items, p.days into counted, kept from dispatch.purges p
    where p.purge_no = purge_own_letters.purge_no and p.state = 'open' and p.class = 'own_letters';
    update register.own_jobs o set purge_no = purge_own_letters.purge_no, letters = d.letters
    from register.due_own_jobs(kept) d where d.reference = o.reference;
    delete from register.print_outs t using register.own_letters l, register.own_jobs o
    where t.letter_no = l.letter_no and l.reference = o.reference and o.purge_no = purge_own_letters.purge_no;
    delete from register.own_letters l using register.own_jobs o
    where l.reference = o.reference and o.purge_no = purge_own_letters.purge_no;
    get diagnostics purged = row_count;
    if purged is distinct from counted then
        raise exception 'purge % is not on record, or counted other letters', purge_own_letters.purge_no
            using errcode = 'no_data_found';
    end if;
    return purged;
end $$;

create or replace view ops.notifications as
select job_id, case channel when 1 then 'email' else 'sms' end as channel,
       (array['waiting', 'sent', 'failed', 'suppressed', 'withdrawn'])[state] as state, sum(count)::bigint as count
from (
    select job_id, channel, state, count(*) as count from dispatch.notices group by job_id, channel, state
    union all
    select job_id, channel, state, count from dispatch.notice_counts
) n group by job_id, n.channel, n.state;

create or replace view ops.notification_faults as
select job_id, case channel when 1 then 'email' else 'sms' end as channel,
       (array['waiting', 'sent', 'failed', 'suppressed', 'withdrawn'])[state] as state, fault, sum(count)::bigint as count
from (
    select job_id, channel, state, fault, count(*) as count from dispatch.notices where fault is not null
    group by job_id, channel, state, fault
    union all
    select job_id, channel, state, fault, count from dispatch.notice_counts where fault <> ''
) n group by job_id, n.channel, n.state, fault;

revoke all on function dispatch.class_final_at(text, int), dispatch.purge_notices(int), register.due_own_jobs(int),
    register.purge_own_letters(int) from public;
grant execute on function dispatch.class_final_at(text, int), dispatch.purge_notices(int), register.due_own_jobs(int),
    register.purge_own_letters(int) to dispatch_worker;
grant select on dispatch.notice_counts to dispatch_worker;
