-- The whole first schema. Names follow docs/glossary.md. CPR numbers live in schema register only; everything else
-- knows people by person_id. What must happen exactly once is a primary key or a guarded update here.

create schema register;
-- Schema dispatch is there: it holds schema_versions, which is made before the first script.
create schema mailbox;
create schema ops;

-- ── register ────────────────────────────────────────────────────────────────────────────────────────────────────────

create table register.versions (
    version      bigint generated always as identity primary key,
    imported_at  timestamptz not null default clock_timestamp(),
    people       int not null,
    companies    int not null
);

-- People and companies share one number series: a mailbox owner is one person_id.
create sequence register.person_ids as int;

create table register.people (
    cpr          bigint not null,
    person_id    int not null,          -- the same across imports
    facts        int not null,          -- PersonFacts.Packed, made by the import from the columns below
    birth_day    int not null,          -- days since 1900-01-01, from birth_date or the number
    status       smallint not null,
    current_cpr  bigint,
    removed      boolean not null default false,   -- gone from the last import; the row keeps the person_id
    status_date  date,
    birth_date   date,
    name         text not null,
    co           text,
    street       text,
    place        text,
    postcode     text,
    city         text,
    country      text,
    contact      text,                  -- up to five lines joined with |
    protected    boolean not null,
    exempt       boolean not null,
    voluntary    boolean not null,
    guardian     bigint,
    email        text,
    phone        text,
    notify       text not null
);
alter table register.people add constraint people_pk primary key (cpr);
create unique index people_person_id on register.people (person_id);
create index people_current_cpr on register.people (current_cpr) where current_cpr is not null;   -- a person's older numbers

create table register.companies (
    cvr          int not null,
    person_id    int not null,
    facts        int not null,
    removed      boolean not null default false,
    name         text not null,
    co           text,
    street       text,
    place        text,
    postcode     text,
    city         text,
    country      text,
    active       boolean not null,
    exempt       boolean not null,
    email        text
);
alter table register.companies add constraint companies_pk primary key (cvr);
create unique index companies_person_id on register.companies (person_id);

create table register.read_access (
    owner        bigint not null,
    reader       bigint not null,
    granted_by   text not null check (granted_by in ('self', 'guardian', 'citizen-service')),
    valid_from   timestamptz not null,
    valid_to     timestamptz,
    notify       text not null,
    primary key (owner, reader, valid_from)
);

create table register.registrations (
    cpr          bigint not null,
    sender_cvr   int not null,
    primary key (sender_cvr, cpr)
);

-- ── jobs ────────────────────────────────────────────────────────────────────────────────────────────────────────────

create table dispatch.templates (
    template_id    int generated always as identity primary key,
    content_sha256 bytea not null unique,   -- over letter.md, the assets and the fonts
    source         text not null,           -- letter.md
    fonts          text[] not null          -- SHA-256 of each font file, hexadecimal, in the order of the configuration
);

create table dispatch.template_assets (
    template_id  int not null references dispatch.templates,
    name         text not null,
    content      bytea not null,
    primary key (template_id, name)
);

create table dispatch.jobs (
    job_id           int generated always as identity primary key,
    sender_cvr       text not null,
    reference        text not null,
    content_sha256   bytea not null,          -- over job.json, list, letter and assets in name order
    sender_name      text not null,
    title            text not null,
    order_json       text not null,           -- job.json as it came
    template_id      int not null references dispatch.templates,
    state            text not null check (state in ('received', 'checked', 'awaiting_approval', 'waiting', 'running',
                         'paused', 'composing', 'handing_off', 'completed', 'held', 'cancelled', 'refused')),
    rows             int not null check (rows > 0),
    columns          text[] not null,         -- header of the list
    list_sha256      bytea not null,          -- of the list as it came
    list_bytes       bigint not null,
    list_file        text not null unique,    -- name of the sealed list in spool/lists; no two jobs share a file
    data_key         bytea not null,          -- the job's data key, wrapped
    key_id           text not null,           -- which key-encryption key wrapped it
    segment          int not null,            -- leaf of mailbox.letters that takes its digital letters
    accept_refused   boolean not null default false,
    planned          jsonb,                   -- what the planning pass counted
    register_version bigint,                  -- of the planning pass
    release_date     date,                    -- local date of the decision, Europe/Copenhagen
    not_before       timestamptz,
    submitted_at     timestamptz not null default clock_timestamp(),
    released_at      timestamptz,
    completed_at     timestamptz,
    seconds          jsonb not null default '{}',   -- time per stage, for the report
    constraint jobs_idempotency_key unique (sender_cvr, reference)
);

-- The unit of work. A chunk's effects and its 'done' commit together; the update that marks it done demands
-- state = 'open' and the epoch it was taken under, so that a late or doubled worker changes nothing.
create table dispatch.chunks (
    job_id        int not null references dispatch.jobs,
    chunk_no      int not null,
    first_row     int not null,               -- 1-based data row of recipients.csv
    rows          int not null check (rows > 0),
    spool_offset  bigint not null,            -- of the sealed chunk in the spooled list
    spool_bytes   int not null,               -- sealed, tag included
    duplicates    int[],                      -- rows that repeat an earlier one, from the planning pass
    state         text not null default 'open' check (state in ('open', 'done')),
    epoch         int not null default 0,
    salt          bytea,                      -- of the attempt that committed: derives the subkey of its letters
    rule_set      text,
    register_version bigint,
    digital       int,
    paper         int,
    held          int,
    refused       int,
    done_at       timestamptz,
    primary key (job_id, chunk_no),
    check (state = 'open' or (salt is not null and digital + paper + held + refused = rows))
);

-- ── effects: exactly one line per row over these four tables ────────────────────────────────────────────────────────

-- Segment 0 is shared by all small jobs; a large job has a leaf of its own, whose owner index is built when its last
-- chunk is in.
create table mailbox.letters (
    segment      int not null,
    job_id       int not null,
    row_no       int not null,
    person_id    int not null,                -- the mailbox
    reason       smallint not null,
    facts        int not null,                -- EffectFacts.Packed: what the decision was made of
    available_at timestamptz not null default now(),   -- evidence of arrival: its transaction; never changed
    sealed       bytea not null               -- LetterValues under the subkey of its chunk
) partition by list (segment);

create table mailbox.letters_0 partition of mailbox.letters (
    constraint letters_0_pk primary key (job_id, row_no)
) for values in (0);
create index letters_0_owner on mailbox.letters_0 (person_id, available_at desc);

create table dispatch.pieces (
    job_id       int not null,
    row_no       int not null,
    person_id    int not null,
    reason       smallint not null,
    facts        int not null,
    zone         smallint not null,           -- 1 DK, 2 EU, 3 WORLD
    country      text not null,               -- ISO 3166-1 alpha-2
    postcode     text not null,               -- empty for protected people
    pages        smallint not null,
    sheets       smallint not null,
    sealed       bytea not null,              -- LetterValues with name and address
    primary key (job_id, row_no)
);

create table dispatch.held (
    job_id       int not null,
    row_no       int not null,
    person_id    int,
    reference    text not null,
    reason       smallint not null,
    detail       text not null,
    facts        int not null,
    since        timestamptz not null default now(),
    primary key (job_id, row_no)
);

create table dispatch.refused (
    job_id       int not null,
    row_no       int not null,
    person_id    int,
    reference    text not null,
    reason       smallint not null,
    detail       text not null,
    facts        int not null,
    at           timestamptz not null default now(),
    primary key (job_id, row_no)
);

-- A held row that was released is decided again outside its chunk; its letter is sealed under a salt of its own.
create table dispatch.releases (
    job_id       int not null,
    row_no       int not null,
    salt         bytea not null,
    rule_set     text not null,
    register_version bigint not null,
    released_by  text not null,
    at           timestamptz not null default now(),
    primary key (job_id, row_no)
);

-- The first of two operators who must both release a row held as address.unsafe.
create table dispatch.release_votes (
    job_id       int not null,
    row_no       int not null,
    operator     text not null,
    at           timestamptz not null default clock_timestamp(),
    primary key (job_id, row_no, operator)
);

-- ── paper ───────────────────────────────────────────────────────────────────────────────────────────────────────────

create table dispatch.batches (
    batch_id        int generated always as identity primary key,
    job_id          int not null references dispatch.jobs,
    class           text not null,
    number          int not null,
    attempt         smallint not null,
    name            text not null unique,
    print_house     text not null,
    envelope        text not null,
    postage         text not null,
    duplex          boolean not null,
    colour          boolean not null,
    pieces          int not null,
    pages           int not null,
    sheets          int not null,
    state           text not null check (state in ('planned', 'composed', 'handed_off', 'accepted', 'printed', 'rejected')),
    created_at      timestamptz not null,     -- stands in the ticket
    pdf_sha256      bytea,
    pdf_bytes       bigint,
    manifest_sha256 bytea,
    manifest_bytes  bigint,
    handoff_started_at timestamptz,           -- committed before the first file is moved to the outbox
    handed_off_at   timestamptz,
    unique (job_id, class, number, attempt),
    check (state = 'planned' or (pdf_sha256 is not null and manifest_sha256 is not null))
);

create table dispatch.batch_pieces (
    batch_id     int not null,                -- written with its batch in one transaction; a reference would cost every
                                              -- piece a look-up
    sequence     int not null,                -- 1-based, printing order
    job_id       int not null,
    row_no       int not null,
    attempt      smallint not null,
    piece_id     text not null,
    first_page   int not null,                -- 1-based
    pages        int not null,
    sheets       int not null,
    state        text                         -- what the print house said of this piece; null = as its batch: planned until
                                              -- the batch is handed off, then handed_off (no piece is written twice for it)
                     check (state in ('printed', 'posted', 'spoiled', 'returned', 'rejected')),
    primary key (batch_id, sequence),
    unique (job_id, row_no, attempt)
);

-- ── trail ───────────────────────────────────────────────────────────────────────────────────────────────────────────

create table dispatch.events (
    event_no     bigint generated always as identity primary key,
    at           timestamptz not null default clock_timestamp(),
    actor        text not null,
    action       text not null,               -- submit, release, read_letter, held_release …
    job_id       int,
    row_no       int,
    detail       text not null default ''     -- never a number, name, address or letter text
);

create table dispatch.reasons (
    reason       smallint primary key,
    effect       text not null,
    code         text not null,
    unique (effect, code)
);

-- ── views for auditors: public surface ──────────────────────────────────────────────────────────────────────────────

create view ops.jobs as
select job_id, sender_cvr, reference, state, rows from dispatch.jobs;

-- Made from the effects themselves, so that a duplicate or a loss shows.
create view ops.effects as
select e.job_id, e.row_no, e.effect, r.code as reason
from (
    select job_id, row_no, 'digital' as effect, reason from mailbox.letters
    union all
    select job_id, row_no, 'paper', reason from dispatch.pieces
    union all
    select job_id, row_no, 'held', reason from dispatch.held
    union all
    select job_id, row_no, 'refused', reason from dispatch.refused
) e
join dispatch.reasons r on r.reason = e.reason;

create view ops.job_ledger as
select j.job_id, j.rows, c.digital, c.paper, c.held, c.refused,
       c.digital + c.paper + c.held + c.refused = j.rows as balanced
from dispatch.jobs j
cross join lateral (
    select (select count(*) from mailbox.letters l where l.segment = j.segment and l.job_id = j.job_id)::int as digital,
           (select count(*) from dispatch.pieces p where p.job_id = j.job_id)::int as paper,
           (select count(*) from dispatch.held h where h.job_id = j.job_id)::int as held,
           (select count(*) from dispatch.refused f where f.job_id = j.job_id)::int as refused
) c;

create view ops.print_batches as
select name, job_id, pieces, pages, sheets, encode(pdf_sha256, 'hex') as sha256, state, attempt from dispatch.batches;

create view ops.held as
select h.job_id, h.row_no, h.reference, r.code as reason, h.since
from dispatch.held h join dispatch.reasons r on r.reason = h.reason;

-- Notices come with the living register; until then nobody is notified and the view is empty.
create view ops.notifications as
select job_id, null::text as channel, null::text as state, 0::bigint as count from dispatch.jobs where false;

-- ── what a mailbox owner finds: newest first, by sender and title ───────────────────────────────────────────────────

create view mailbox.inbox as
select l.person_id, l.available_at, j.sender_cvr, j.sender_name, j.title, l.job_id, l.row_no
from mailbox.letters l join dispatch.jobs j on j.job_id = l.job_id
where l.available_at <= now();

-- ── roles ───────────────────────────────────────────────────────────────────────────────────────────────────────────

do $$
begin
    if not exists (select from pg_roles where rolname = 'dispatch_auditor') then
        create role dispatch_auditor nologin;
    end if;
exception
    when insufficient_privilege then
        raise warning 'role dispatch_auditor is missing and this user may not create it: ask the DBA for CREATE ROLE dispatch_auditor NOLOGIN';
    when duplicate_object or unique_violation then null;   -- another database of this server made it at the same moment
end $$;

do $$
begin
    if exists (select from pg_roles where rolname = 'dispatch_auditor') then
        grant usage on schema ops to dispatch_auditor;
        grant select on all tables in schema ops to dispatch_auditor;
    end if;
end $$;
