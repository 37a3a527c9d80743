-- What operators do with a job: approve it, pause it, cancel it while it is being sent.

alter table dispatch.jobs
    add column submitted_by  text,            -- may not approve it
    add column pause_reason  text,
    add column cancelled_by  text,            -- set when somebody wants it cancelled; state is paused until all rows are
    add column cancel_reason text,
    add constraint jobs_cancelled check (
        (cancelled_by is null) = (cancel_reason is null) and (cancelled_by is null or state in ('paused', 'cancelled')));

update dispatch.jobs j
set submitted_by = e.actor
from (select distinct on (job_id) job_id, actor from dispatch.events where action = 'submit' order by job_id, event_no) e
where e.job_id = j.job_id;

-- What somebody else than the submitter said yes to: these very files, and these numbers of letters. One stands at most.
create table dispatch.approvals (
    approval_no      int generated always as identity primary key,
    job_id           int not null references dispatch.jobs,
    approved_by      text not null,
    at               timestamptz not null default clock_timestamp(),
    content_sha256   bytea not null,          -- over job.json, list, letter and assets
    register_version bigint not null,         -- the counts were made under
    digital          int not null,
    paper            int not null,
    held             int not null,
    refused          int not null,
    withdrawn_at     timestamptz              -- the counts had moved when the job was to be released
);
create unique index approvals_standing on dispatch.approvals (job_id) where withdrawn_at is null;

-- What was planned and not begun to be handed off will never be. In a batch whose hand-off began the doubt is the print
-- house's gain: it is handed off whole.
create function dispatch.drop_unsent_batches(job_id int) returns setof text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform from dispatch.jobs j
    where j.job_id = drop_unsent_batches.job_id and j.state = 'paused' and j.cancelled_by is not null for update;
    if not found then
        raise exception 'the job is not being cancelled' using errcode = 'no_data_found';
    end if;
    delete from dispatch.batch_pieces i using dispatch.batches b
    where b.job_id = drop_unsent_batches.job_id and b.handoff_started_at is null and b.state in ('planned', 'composed')
      and i.batch_id = b.batch_id;
    return query
        delete from dispatch.batches b
        where b.job_id = drop_unsent_batches.job_id and b.handoff_started_at is null and b.state in ('planned', 'composed')
        returning b.name;
end $$;

-- Every row of a chunk that has not reached anybody becomes refused job.cancelled, in the caller's transaction: rows of an
-- open chunk, held rows, and pieces in no batch. Letters are with their receivers from the commit of their chunk on, and
-- stay. A chunk's counts follow; released rows are in none of them. Repeating it changes nothing.
create function dispatch.cancel_chunk(job_id int, chunk_no int, salt bytea, reason smallint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    chunk dispatch.chunks;
    unprinted int;
    unheld int;
begin
    perform from dispatch.jobs j
    where j.job_id = cancel_chunk.job_id and j.state = 'paused' and j.cancelled_by is not null for share;
    if not found then
        raise exception 'the job is not being cancelled' using errcode = 'no_data_found';
    end if;
    -- A worker that is committing the chunk is waited for; one that comes later finds it done.
    select * into strict chunk from dispatch.chunks c
    where c.job_id = cancel_chunk.job_id and c.chunk_no = cancel_chunk.chunk_no for update;
    if chunk.state = 'open' then
        insert into dispatch.refused (job_id, row_no, person_id, reference, reason, detail, facts)
        select chunk.job_id, row_no, null, '', cancel_chunk.reason, '', 0
        from generate_series(chunk.first_row, chunk.first_row + chunk.rows - 1) row_no;
        -- The salt seals nothing, but a chunk that is done has one.
        update dispatch.chunks c
        set state = 'done', epoch = epoch + 1, salt = cancel_chunk.salt, digital = 0, paper = 0, held = 0, refused = rows,
            done_at = now()
        where c.job_id = chunk.job_id and c.chunk_no = chunk.chunk_no;
        return;
    end if;
    with pieces as (
        delete from dispatch.pieces p
        where p.job_id = chunk.job_id and p.row_no between chunk.first_row and chunk.first_row + chunk.rows - 1
          and not exists (select from dispatch.batch_pieces b where b.job_id = p.job_id and b.row_no = p.row_no)
        returning p.row_no, p.person_id, p.facts
    ), held as (
        delete from dispatch.held h
        where h.job_id = chunk.job_id and h.row_no between chunk.first_row and chunk.first_row + chunk.rows - 1
        returning h.row_no, h.person_id, h.reference, h.facts
    ), refused as (
        insert into dispatch.refused (job_id, row_no, person_id, reference, reason, detail, facts)
        select chunk.job_id, row_no, person_id, '', cancel_chunk.reason, '', facts from pieces
        union all
        select chunk.job_id, row_no, person_id, reference, cancel_chunk.reason, '', facts from held
    )
    select (select count(*) from pieces p
            where not exists (select from dispatch.releases r where r.job_id = chunk.job_id and r.row_no = p.row_no)),
           (select count(*) from held)
    into unprinted, unheld;
    update dispatch.chunks c
    set paper = paper - unprinted, held = held - unheld, refused = refused + unprinted + unheld
    where c.job_id = chunk.job_id and c.chunk_no = chunk.chunk_no and unprinted + unheld > 0;
end $$;

revoke all on function dispatch.drop_unsent_batches(int), dispatch.cancel_chunk(int, int, bytea, smallint) from public;
grant execute on function dispatch.drop_unsent_batches(int), dispatch.cancel_chunk(int, int, bytea, smallint)
    to dispatch_worker;
grant select, insert, update on dispatch.approvals to dispatch_worker;
