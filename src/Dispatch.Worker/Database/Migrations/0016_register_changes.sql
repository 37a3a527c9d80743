-- The register day by day: changes, those for a day to come, and the history of those that took effect.

-- A file of changes that was taken in, or the command that made some.
create table register.change_files (
    file_no      int generated always as identity primary key,
    name         text not null,               -- people.csv …, or the command
    sha256       bytea,                       -- null for a command
    changes      int not null default 0,      -- lines of it that were not known yet
    recorded_at  timestamptz not null default clock_timestamp(),
    recorded_by  text not null,
    constraint change_files_once unique (name, sha256)
);

-- What a change is about: number is a CPR number, of a company its CVR number; other is the reader of read access, or the
-- sender of a registration; since is the beginning of read access. What is not used is 0 and -infinity.

-- The changes a transaction is at work on. Emptied at its beginning and end, and only one works at a time.
create unlogged table register.staged_changes (
    kind         text collate "C" not null,
    number       bigint not null,
    other        bigint not null,
    since        timestamptz not null,
    effective_at timestamptz not null,
    op           text not null,
    content      jsonb,                       -- the columns that are put; null for a removal
    file_no      int not null,
    line         bigint not null,
    is_kept      boolean not null default false,  -- it lay in pending_changes until its day
    is_first     boolean not null default true,   -- of those of one thing
    is_last      boolean not null default true,
    was          int                              -- what the one before it makes of somebody; for those that are not first
);

-- Changes for a day to come.
create table register.pending_changes (
    kind         text collate "C" not null,
    number       bigint not null,
    other        bigint not null,
    since        timestamptz not null,
    effective_at timestamptz not null,
    op           text not null,
    content      jsonb,
    file_no      int not null references register.change_files,
    line         bigint not null,
    fault        text,                        -- why it could not take effect on its day; then it never does
    primary key (number, kind, other, since, effective_at)
);
create index pending_changes_due on register.pending_changes (effective_at) where fault is null;

-- Who was what, when, and from which file. Each change takes effect once: that is the unique index.
create table register.events (
    event_no     bigint generated always as identity primary key,
    kind         text collate "C" not null check (kind in ('person', 'company', 'read_access', 'registration')),
    number       bigint not null,
    other        bigint not null,
    since        timestamptz not null,
    effective_at timestamptz not null,
    op           text not null check (op in ('put', 'remove')),
    content      jsonb,
    file_no      int not null references register.change_files,
    line         bigint not null,
    person_id    int,
    was          int,                         -- PersonFacts.Packed before it; null = was not in the register
    version      bigint not null,             -- the version of the register it came with
    recorded_at  timestamptz not null default clock_timestamp(),
    check ((op = 'put') = (content is not null))
);
create unique index events_once on register.events (number, kind, other, since, effective_at);
create index events_person on register.events (person_id, event_no);
create index events_version on register.events using brin (version);   -- comes in order

-- Of the staged changes of one thing the last one is what it is now.
create view register.last_changes as
select kind, number, other, since, effective_at, op, content, file_no, line, is_kept
from register.staged_changes where is_last;

create function register.analyze_changes() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    analyze register.staged_changes;
end $$;
revoke all on function register.analyze_changes() from public;

grant select, insert, update (changes) on register.change_files to dispatch_worker;
grant select, insert, update, delete, truncate on register.staged_changes to dispatch_worker;
grant select, insert, update (fault), delete on register.pending_changes to dispatch_worker;
grant select, insert on register.events to dispatch_worker;
grant select on register.last_changes to dispatch_worker;
grant execute on function register.analyze_changes() to dispatch_worker;
grant update on register.people, register.companies, register.read_access to dispatch_worker;
grant delete on register.read_access, register.registrations to dispatch_worker;
grant update (people, companies) on register.versions to dispatch_worker;

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
