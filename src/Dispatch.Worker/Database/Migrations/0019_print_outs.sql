-- Changes by the million, and print-outs.

-- Asked of millions: in this form, and with nothing in them but what never changes, they become part of the query.
create or replace function register.turns_15(birth_day int) returns date
language sql immutable parallel safe
return ((date '1900-01-01' + birth_day
         + case when extract(month from date '1900-01-01' + birth_day) = 2
                     and extract(day from date '1900-01-01' + birth_day) = 29 then 1 else 0 end)
        + interval '15 years')::date;

create or replace function register.is_enrolled(facts int, birth_day int, on_date date) returns boolean
language sql immutable parallel safe
return coalesce(facts, 256) & 256 = 0
       and case when facts & 127 = 1 then true
                when facts & 127 in (3, 5, 7, 20, 80) then facts & 512 <> 0
                else false end
       and register.turns_15(birth_day) <= on_date;

-- Written in the transaction that writes the file's row; the reference cost every event a look-up.
alter table register.events drop constraint events_file_no_fkey;

-- Nobody asks what is usual in the content, and finding out took longer than all the rest.
create or replace function register.analyze_changes() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    analyze register.staged_changes (kind, number, other, since, effective_at, op, is_kept, is_first, is_last);
end $$;

-- Room beside people for what becomes of them: in their own page a change need not touch the indexes.
alter table register.people set (fillfactor = 85);

-- A change without them wrote 0.
update register.people set current_cpr = nullif(current_cpr, 0), guardian = nullif(guardian, 0)
where current_cpr = 0 or guardian = 0;

-- The post somebody received so far, on paper, when they become exempt and ask for it.

-- The job whose letters this one prints once more: with its template version and its date of the letter.
alter table dispatch.jobs add column print_of int references dispatch.jobs;

-- Whose print-out: a cover letter among own_letters. Which letters, as they were in the mailbox at that moment.
create table register.print_outs (
    letter_no    bigint not null references register.own_letters,
    letter_job   int not null references dispatch.jobs,
    letter_row   int not null,
    reference    text,                        -- the own job that prints it
    fault        text,                        -- why nobody can print it: key.forgotten, letter.purged
    primary key (letter_no, letter_job, letter_row)
);
create index print_outs_due on register.print_outs (letter_job) where reference is null and fault is null;
create index print_outs_job on register.print_outs (reference, letter_no) where reference is not null;

alter table register.own_letters drop constraint own_letters_kind_check, add constraint own_letters_kind_check
    check (kind in ('exemption-receipt', 'exemption-lifted', 'welcome', 'print-out'));
alter table register.own_jobs add column print_of int references dispatch.jobs;

grant select, insert, update (reference, fault) on register.print_outs to dispatch_worker;
