-- A letter stays under the person_id its number had when it was delivered. Whoever has another number by now is the same
-- person: the mailbox is all that was ever delivered to them.

-- The ids of this person's number and of all that lead to it.
create function register.ids_of(person_id int) returns int[]
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with recursive numbers as (
        select p.cpr, p.person_id from register.people p where p.person_id = ids_of.person_id
        union
        select p.cpr, p.person_id from numbers n join register.people p on p.current_cpr = n.cpr
        where p.status in (50, 60)
    )
    select coalesce(array_agg(n.person_id), array[ids_of.person_id]) from numbers n
$$;

-- As mailbox.ticket_person(), with the ids of the older numbers.
create function mailbox.ticket_people() returns int[]
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
    select register.ids_of(person) from mailbox.ticket_claims()
$$;

revoke all on function register.ids_of(int), mailbox.ticket_people() from public;

-- Without the cast it were a list of rows, each an array, and not what the index takes.
alter policy own_mailbox on mailbox.letters using (
    person_id = any ((select mailbox.ticket_people())::int[]) and available_at <= now()
    and not mailbox.is_recalled(job_id, row_no));

create or replace view mailbox.inbox with (security_barrier = true) as
select l.person_id, l.available_at, j.sender_cvr, j.sender_name, j.title, l.job_id, l.row_no
from mailbox.letters l join dispatch.jobs j on j.job_id = l.job_id
where l.person_id = any ((select mailbox.ticket_people())::int[]) and l.available_at <= now()
  and not exists (
      select from mailbox.recalls r where r.job_id = l.job_id and l.row_no between r.first_row and r.last_row);

create or replace view mailbox.looks_at_mine with (security_barrier = true) as
select k.at, k.actor, k.action, k.job_id, k.row_no,
       case when k.reader_id = k.person_id then null else k.reader_id end as reader_id, k.reason
from mailbox.looks k
where k.person_id = any ((select mailbox.ticket_people())::int[]) and (select mailbox.ticket_owner()) is not null;

grant execute on function register.ids_of(int) to dispatch_worker;
grant execute on function mailbox.ticket_people() to dispatch_reader;
