-- Who is enrolled is derived from facts, age and date, never stored. What is kept is that somebody crossed the border, and
-- the letters the operator of Digital Post owes people for it.

-- The fifteenth birthday; of those born on 29 February it is 1 March, for fifteen years later there is no such day.
create function register.turns_15(birth_day int) returns date
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select ((case when to_char(born, 'MMDD') = '0229' then born + 1 else born end) + interval '15 years')::date
    from (select date '1900-01-01' + birth_day as born) b
$$;

-- facts: PersonFacts.Packed; null = not in the register.
create function register.is_enrolled(facts int, birth_day int, on_date date) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select coalesce(facts, 256) & 256 = 0
       and case when facts & 127 = 1 then true
                when facts & 127 in (3, 5, 7, 20, 80) then facts & 512 <> 0
                else false end
       and register.turns_15(birth_day) <= on_date
$$;

-- Up to where the borders were searched. The next search begins there.
create table register.enrolment_runs (
    on_date      date primary key,            -- local, Europe/Copenhagen
    version      bigint not null,             -- of the register
    crossed      int not null default 0,
    ran_at       timestamptz not null default clock_timestamp()
);

create table register.enrolments (
    person_id    int not null,
    on_date      date not null,
    version      bigint not null,
    is_enrolled  boolean not null,            -- from then on
    cause        text not null,
    primary key (person_id, on_date, version)
);

-- Letters the operator of Digital Post sends of its own accord, until they are rows of a job: then reference is set.
create table register.own_letters (
    letter_no    bigint generated always as identity primary key,
    kind         text not null check (kind in ('exemption-receipt', 'exemption-lifted', 'welcome')),
    cpr          bigint not null,
    made_on      date not null,
    reference    text
);
create index own_letters_due on register.own_letters (kind, letter_no) where reference is null;
create index own_letters_job on register.own_letters (reference, letter_no) where reference is not null;

create table register.own_jobs (
    reference    text primary key,
    kind         text not null,
    made_at      timestamptz not null default clock_timestamp(),
    submitted_at timestamptz                  -- null: killed before; it is submitted again, as the same job
);

revoke all on function register.turns_15(int), register.is_enrolled(int, int, date) from public;
grant execute on function register.turns_15(int), register.is_enrolled(int, int, date) to dispatch_worker;
grant select, insert, update (version, crossed, ran_at) on register.enrolment_runs to dispatch_worker;
grant select, insert on register.enrolments to dispatch_worker;
grant select, insert, update (reference) on register.own_letters to dispatch_worker;
grant select, insert, update (submitted_at) on register.own_jobs to dispatch_worker;
