-- Letters sent by mistake, hidden from the owners of the mailboxes: rows first_row to last_row of a job. Nothing is
-- deleted; the letters stay digital effects of their rows. Ranges of one job never overlap.
create table mailbox.recalls (
    job_id       int not null references dispatch.jobs,
    first_row    int not null,
    last_row     int not null check (last_row >= first_row),
    recalled_at  timestamptz not null default clock_timestamp(),
    primary key (job_id, first_row)
);

-- Two operators must want the same rows back.
create table dispatch.recall_votes (
    job_id       int not null references dispatch.jobs,
    rows         int4multirange not null,
    operator     text not null,
    reason       text not null check (reason <> ''),
    at           timestamptz not null default clock_timestamp(),
    primary key (job_id, rows, operator)
);

-- Who opened a letter is asked for whole ranges of rows.
create index events_read on dispatch.events (job_id, row_no) where action = 'read_letter';

-- Asked by readers, who have no right on the table.
create function mailbox.is_recalled(job_id int, row_no int) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
    select exists (
        select from mailbox.recalls r
        where r.job_id = is_recalled.job_id and is_recalled.row_no between r.first_row and r.last_row)
$$;
revoke all on function mailbox.is_recalled(int, int) from public;

do $$
begin
    if to_regprocedure('mailbox.ticket_person()') is null then
        create or replace view mailbox.inbox as
        select l.person_id, l.available_at, j.sender_cvr, j.sender_name, j.title, l.job_id, l.row_no
        from mailbox.letters l join dispatch.jobs j on j.job_id = l.job_id
        where l.available_at <= now()
          and not exists (
              select from mailbox.recalls r where r.job_id = l.job_id and l.row_no between r.first_row and r.last_row);
    else
        create or replace view mailbox.inbox with (security_barrier = true) as
        select l.person_id, l.available_at, j.sender_cvr, j.sender_name, j.title, l.job_id, l.row_no
        from mailbox.letters l join dispatch.jobs j on j.job_id = l.job_id
        where l.person_id = (select mailbox.ticket_person()) and l.available_at <= now()
          and not exists (
              select from mailbox.recalls r where r.job_id = l.job_id and l.row_no between r.first_row and r.last_row);
        alter policy own_mailbox on mailbox.letters using (
            person_id = (select mailbox.ticket_person()) and available_at <= now()
            and not mailbox.is_recalled(job_id, row_no));
        grant execute on function mailbox.is_recalled(int, int) to dispatch_reader;
        grant select, insert on mailbox.recalls, dispatch.recall_votes to dispatch_worker;
    end if;
end $$;
