-- What was purged: values that are no longer needed, of what is final. Rows stay, so that the ledger can be proved; what
-- went is counted here before it goes, and this line is what a purge that was killed goes on from.

create table dispatch.purges (
    purge_no     int generated always as identity primary key,
    class        text not null check (class in ('list', 'letters', 'pieces', 'print_files', 'receipts')),
    job_id       int references dispatch.jobs,   -- null: receipt files, which speak of many jobs
    days         int not null check (days >= 30),
    final_at     timestamptz not null,           -- what the days were counted from
    items        bigint not null check (items > 0),
    state        text not null default 'open' check (state in ('open', 'done')),
    begun_at     timestamptz not null default clock_timestamp(),
    begun_by     text not null,
    done_at      timestamptz,
    constraint purges_once unique (class, job_id),
    check ((job_id is null) = (class = 'receipts')),
    check ((state = 'done') = (done_at is not null))
);

-- The purge in which the file went; its line stays, and what it said.
alter table dispatch.receipt_files add column purge_no int references dispatch.purges;

-- When the last thing happened that could change a job: null while something still may. A held row may become a letter.
create function dispatch.final_at(job_id int) returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select greatest(
        j.submitted_at, j.completed_at, j.not_before,
        (select max(c.done_at) from dispatch.chunks c where c.job_id = j.job_id),
        (select max(r.at) from dispatch.releases r where r.job_id = j.job_id),
        (select max(f.at) from dispatch.refused f where f.job_id = j.job_id))
    from dispatch.jobs j
    where j.job_id = final_at.job_id and j.state in ('completed', 'cancelled', 'refused')
      and not exists (select from dispatch.held h where h.job_id = j.job_id)
$$;

-- The same for paper: null while a print house owes an answer, or a lost piece was not printed again.
create function dispatch.paper_final_at(job_id int) returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select greatest(
        dispatch.final_at(paper_final_at.job_id),
        (select max(b.handed_off_at) from dispatch.batches b where b.job_id = paper_final_at.job_id),
        (select max(f.imported_at)
         from dispatch.batches b
         join dispatch.receipt_lines l on l.batch_id = b.batch_id
         join dispatch.receipt_files f on f.receipt_id = l.receipt_id
         where b.job_id = paper_final_at.job_id))
    where dispatch.final_at(paper_final_at.job_id) is not null
      and not exists (
          select from dispatch.batches b
          where b.job_id = paper_final_at.job_id and b.state not in ('printed', 'rejected'))
      and not exists (
          select from dispatch.batches b
          join dispatch.batch_pieces i on i.batch_id = b.batch_id
          where b.job_id = paper_final_at.job_id
            and (b.state = 'rejected' or i.state in ('spoiled', 'rejected'))
            and not exists (
                select from dispatch.batch_pieces n
                where n.job_id = i.job_id and n.row_no = i.row_no and n.attempt > i.attempt))
$$;

-- The one way in which a sealed value goes. It trusts nobody: the purge is on record, the job is final, and the days are
-- over, by the server's clock.
create function dispatch.purge_values(purge_no int, first_row int, last_row int) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    kind    text;
    job     int;
    leaf    int;
    purged  bigint;
begin
    select p.class, j.job_id, j.segment into kind, job, leaf
    from dispatch.purges p join dispatch.jobs j on j.job_id = p.job_id
    where p.purge_no = purge_values.purge_no and p.state = 'open' and p.class in ('letters', 'pieces')
      and clock_timestamp() >= make_interval(days => p.days)
          + case p.class when 'letters' then dispatch.final_at(j.job_id) else dispatch.paper_final_at(j.job_id) end;
    if not found then
        raise exception 'purge % is not on record, or its job is not final for long enough', purge_values.purge_no
            using errcode = 'no_data_found';
    end if;
    if kind = 'letters' then
        update mailbox.letters l set sealed = ''
        where l.segment = leaf and l.job_id = job
          and l.row_no between first_row and last_row and l.sealed <> '';
    else
        update dispatch.pieces i set sealed = ''
        where i.job_id = job and i.row_no between first_row and last_row and i.sealed <> '';
    end if;
    get diagnostics purged = row_count;
    return purged;
end $$;

revoke all on function dispatch.final_at(int), dispatch.paper_final_at(int), dispatch.purge_values(int, int, int) from public;

create view ops.purges as
select job_id, class, items, days, final_at, state, begun_at, begun_by, done_at from dispatch.purges;

grant select, insert, update (state, done_at) on dispatch.purges to dispatch_worker;
grant execute on function dispatch.final_at(int), dispatch.paper_final_at(int), dispatch.purge_values(int, int, int)
    to dispatch_worker;
grant select on ops.purges to dispatch_auditor;
