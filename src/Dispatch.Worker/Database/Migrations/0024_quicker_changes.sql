-- A million changes in less time, and mailboxes that outlive a number the register no longer has.

-- The columns of register.people that a staged change of a person puts, beside the same as content: taken in with the
-- change, for the content would have to be taken apart row by row.
alter table register.staged_changes
    add column facts       int,
    add column birth_day   int,
    add column status      smallint,
    add column current_cpr bigint,
    add column status_date date,
    add column birth_date  date,
    add column name        text,
    add column co          text,
    add column street      text,
    add column place       text,
    add column postcode    text,
    add column city        text,
    add column country     text,
    add column contact     text,
    add column protected   boolean,
    add column exempt      boolean,
    add column voluntary   boolean,
    add column guardian    bigint,
    add column email       text,
    add column phone       text,
    add column notify      text;

create or replace view register.last_changes as
select kind, number, other, since, effective_at, op, content, file_no, line, is_kept,
       facts, birth_day, status, current_cpr, status_date, birth_date, name, co, street, place, postcode, city, country,
       contact, protected, exempt, voluntary, guardian, email, phone, notify
from register.staged_changes where is_last;

create or replace function register.analyze_changes() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    analyze register.staged_changes (kind, number, other, since, effective_at, op, is_kept, is_first, is_last, guardian);
end $$;

-- An event is found by what it is about: a person's by their number, which people_person_id gives. The two other indexes
-- cost every change more than writing the event did.
drop index register.events_person;
alter table register.events drop constraint events_pkey;
alter table register.events add constraint events_once primary key using index events_once;

-- Whether guardians go in a circle concerns the few who have one.
create index people_guardian on register.people (cpr) where guardian is not null;
