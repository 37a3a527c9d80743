-- Reading a mailbox for somebody else, and who looked at what.

-- All numbers that lead to this person: what was granted under an older one counts.
create function register.numbers_of(person_id int) returns setof bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with recursive numbers as (
        select p.cpr, 0 as changes from register.people p where p.person_id = numbers_of.person_id and not p.removed
        union
        select p.cpr, n.changes + 1 from numbers n join register.people p on p.current_cpr = n.cpr
        where p.status in (50, 60) and not p.removed and n.changes < 4
    )
    select cpr from numbers
$$;

-- A grant from the owner to the reader, in force at this moment. Grants are not passed on.
create function register.may_read(owner int, reader int) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select owner <> reader and exists (
        select from register.read_access a
        where a.owner in (select register.numbers_of(may_read.owner))
          and a.reader in (select register.numbers_of(may_read.reader))
          and a.valid_from <= clock_timestamp() and (a.valid_to is null or a.valid_to > clock_timestamp()))
$$;

revoke all on function register.numbers_of(int), register.may_read(int, int) from public;

-- Who looks at whose mailbox in this transaction: what a good ticket says, else nothing. Beside the ticket for an owner,
--     1.PERSON.BACKEND.BEGAN.EXPIRES.HMAC
-- there is one for a reader,
--     2.PERSON.READER.BACKEND.BEGAN.EXPIRES.HMAC
-- It says who the reader is and no more: whether they may read is asked of the register, in every statement anew.
create function mailbox.ticket_claims(out person int, out reader int)
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare
    ticket text := current_setting('dispatch.ticket', true);
    claims text[];
    signature bytea;
begin
    if ticket is null or ticket !~ '^(1(\.[0-9]{1,18}){4}|2(\.[0-9]{1,18}){5})\.[0-9a-f]{64}$' then
        return;
    end if;
    claims := string_to_array(ticket, '.');
    select sha256(k.outer_block || sha256(k.inner_block || convert_to(left(ticket, -65), 'UTF8'))) into signature
    from mailbox.ticket_key k;
    -- Compared by their hashes: how long that takes tells nothing of the right signature.
    if signature is null or sha256(signature) <> sha256(decode(claims[cardinality(claims)], 'hex')) then
        return;
    end if;
    if claims[1] = '1' then
        claims := claims[1:2] || claims[2:];   -- an owner is their own reader
    end if;
    if claims[4]::bigint <> pg_backend_pid()
       or claims[5]::bigint <> (extract(epoch from transaction_timestamp()) * 1000000)::bigint
       or claims[6]::bigint <= (extract(epoch from clock_timestamp()) * 1000000)::bigint then
        return;
    end if;
    if claims[2] <> claims[3] and not register.may_read(claims[2]::int, claims[3]::int) then
        return;
    end if;
    person := claims[2]::int;
    reader := claims[3]::int;
end $$;
revoke all on function mailbox.ticket_claims() from public;

create or replace function mailbox.ticket_person() returns int
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
    select person from mailbox.ticket_claims()
$$;

-- The same for an owner only, who sees what readers do not.
create function mailbox.ticket_owner() returns int
language sql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
    select person from mailbox.ticket_claims() where person = reader
$$;
revoke all on function mailbox.ticket_owner() from public;

-- Each look at a mailbox that somebody took in an owner's or a reader's place, noted before it.
create table mailbox.looks (
    look_no      bigint generated always as identity primary key,
    at           timestamptz not null default clock_timestamp(),
    person_id    int not null,                -- whose mailbox
    reader_id    int not null,                -- as whom; the same person for the owner
    actor        text not null,
    action       text not null check (action in ('list', 'read')),
    job_id       int,
    row_no       int,
    reason       text not null,
    check ((action = 'read') = (job_id is not null and row_no is not null))
);
create index looks_person on mailbox.looks (person_id, look_no);

-- For the owner: who looked at what, and when. Not for readers.
create view mailbox.looks_at_mine with (security_barrier = true) as
select k.at, k.actor, k.action, k.job_id, k.row_no,
       case when k.reader_id = k.person_id then null else k.reader_id end as reader_id, k.reason
from mailbox.looks k
where k.person_id = (select mailbox.ticket_owner());

grant select, insert on mailbox.looks to dispatch_worker;
grant select on mailbox.looks_at_mine to dispatch_reader;
grant execute on function mailbox.ticket_owner() to dispatch_reader;
