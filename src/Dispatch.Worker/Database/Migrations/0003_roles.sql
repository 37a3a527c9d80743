-- Who may do what. The roles are there before this runs (DatabaseRoles); whoever migrates is the owner. What is granted
-- here stands in docs/grants.csv, and a test compares the two. A later migration grants what it makes in the same file.

-- ── nothing for everybody ───────────────────────────────────────────────────────────────────────────────────────────

-- Functions are everybody's unless this is said, and those to come are made by the same owner.
alter default privileges revoke execute on functions from public;

revoke all on schema register, dispatch, mailbox, ops from public;

do $$
begin
    if to_regnamespace('public') is not null
       and pg_has_role((select nspowner from pg_namespace where nspname = 'public'), 'USAGE') then
        revoke all on schema public from public;
    end if;
    if pg_has_role((select datdba from pg_database where datname = current_database()), 'USAGE') then
        execute format('revoke all on database %I from public', current_database());
        execute format('grant connect on database %I to dispatch_worker, dispatch_reader, dispatch_auditor',
                       current_database());
    elsif has_database_privilege('public', current_database(), 'TEMPORARY') then
        raise warning 'this user does not own the database, in which everybody may make temporary tables: have an '
                      'administrator run what dispatch migrate --print-roles prints';
    end if;
end $$;

-- ── the worker's steps that only an owner can take ──────────────────────────────────────────────────────────────────

-- The leaf of a large job. Attaching, unlike creating it as a partition, does not lock readers out.
create function mailbox.create_leaf(job_id int) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    segment int;
begin
    -- Only for a job that is about to be released, and under the segment it was accepted with.
    select j.segment into strict segment from dispatch.jobs j
    where j.job_id = create_leaf.job_id and j.segment > 0 and j.released_at is null;
    execute format($sql$
        create table mailbox.letters_%1$s (
            like mailbox.letters including defaults,
            constraint letters_%1$s_segment check (segment = %1$s),
            constraint letters_%1$s_pk primary key (job_id, row_no)
        );
        alter table mailbox.letters attach partition mailbox.letters_%1$s for values in (%1$s);
        grant select, insert on mailbox.letters_%1$s to dispatch_worker;
        $sql$, segment);
end $$;

-- The index a mailbox is read by; built once, when the leaf is full, instead of being kept up in random order row by row.
create function mailbox.index_leaf(job_id int) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    segment int;
begin
    select j.segment into strict segment from dispatch.jobs j
    where j.job_id = index_leaf.job_id and j.segment > 0;
    execute format(
        'create index if not exists letters_%1$s_owner on mailbox.letters_%1$s (person_id, available_at desc)', segment);
end $$;

-- One import at a time; whoever asks for the version is not kept waiting.
create function register.lock_import() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    lock table register.versions in share row exclusive mode;
end $$;

create function register.analyze_import() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    analyze register.people, register.companies, register.read_access, register.registrations;
end $$;

-- ── whose mailbox a transaction may read ────────────────────────────────────────────────────────────────────────────

-- The key tickets are signed with, as the two blocks of HMAC-SHA-256 (RFC 2104): it is made of the key-encryption key,
-- of which it tells nothing. One row.
create table mailbox.ticket_key (
    only_one     boolean primary key default true check (only_one),
    inner_block  bytea not null check (length(inner_block) = 64),
    outer_block  bytea not null check (length(outer_block) = 64)
);

create function mailbox.trust_ticket_key(key bytea) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    new_inner bytea := decode(repeat('36', 64), 'hex');
    new_outer bytea := decode(repeat('5c', 64), 'hex');
begin
    if length(key) is distinct from 32 then
        raise exception 'a ticket key has 32 bytes' using errcode = 'invalid_parameter_value';
    end if;
    for i in 0 .. 31 loop
        new_inner := set_byte(new_inner, i, get_byte(new_inner, i) # get_byte(key, i));
        new_outer := set_byte(new_outer, i, get_byte(new_outer, i) # get_byte(key, i));
    end loop;
    insert into mailbox.ticket_key as k (inner_block, outer_block) values (new_inner, new_outer)
    on conflict (only_one) do update set inner_block = excluded.inner_block, outer_block = excluded.outer_block
    where (k.inner_block, k.outer_block) is distinct from (excluded.inner_block, excluded.outer_block);
end $$;

-- The person whose mailbox this transaction may read; null without a valid ticket. A ticket is
--     1.PERSON.BACKEND.BEGAN.EXPIRES.HMAC
-- with the server process and the microsecond its transaction began in, neither of which a client can choose: it is good
-- in that one transaction, until it expires by the server's clock. It lies in the setting dispatch.ticket, which anybody
-- may set to anything: what it says counts only under the engine's signature.
create function mailbox.ticket_person() returns int
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare
    ticket text := current_setting('dispatch.ticket', true);
    claims text[];
    signature bytea;
begin
    if ticket is null or ticket !~ '^1(\.[0-9]{1,18}){4}\.[0-9a-f]{64}$' then
        return null;
    end if;
    claims := string_to_array(ticket, '.');
    select sha256(k.outer_block || sha256(k.inner_block || convert_to(left(ticket, -65), 'UTF8'))) into signature
    from mailbox.ticket_key k;
    -- Compared by their hashes: how long that takes tells nothing of the right signature.
    if signature is null or sha256(signature) <> sha256(decode(claims[6], 'hex')) then
        return null;
    end if;
    if claims[3]::bigint <> pg_backend_pid()
       or claims[4]::bigint <> (extract(epoch from transaction_timestamp()) * 1000000)::bigint
       or claims[5]::bigint <= (extract(epoch from clock_timestamp()) * 1000000)::bigint then
        return null;
    end if;
    return claims[2]::int;
end $$;

-- On the parent that readers query. The leaves have none: the worker COPYs into them, which row security would forbid,
-- and nobody else has a right on them. The owner is not bound (auditors' views are the owner's).
alter table mailbox.letters enable row level security;

create policy own_mailbox on mailbox.letters for select to dispatch_reader
    using (person_id = (select mailbox.ticket_person()) and available_at <= now());

create policy all_mailboxes on mailbox.letters for select to dispatch_worker using (true);

-- With the owner's rights, so that a reader sees sender and title of a letter but not of jobs in which he has none;
-- therefore it asks for the ticket itself.
create or replace view mailbox.inbox with (security_barrier = true) as
select l.person_id, l.available_at, j.sender_cvr, j.sender_name, j.title, l.job_id, l.row_no
from mailbox.letters l join dispatch.jobs j on j.job_id = l.job_id
where l.person_id = (select mailbox.ticket_person()) and l.available_at <= now();

-- ── the worker ──────────────────────────────────────────────────────────────────────────────────────────────────────

grant usage on schema register, dispatch, mailbox to dispatch_worker;

grant select, insert on register.versions to dispatch_worker;
grant select, insert, truncate on register.people, register.companies, register.read_access, register.registrations
    to dispatch_worker;
grant select, update on sequence register.person_ids to dispatch_worker;
grant execute on function register.lock_import(), register.analyze_import() to dispatch_worker;

grant select on dispatch.schema_versions, dispatch.reasons to dispatch_worker;
grant select, insert on dispatch.templates, dispatch.template_assets to dispatch_worker;
grant select, insert, update on dispatch.jobs, dispatch.chunks to dispatch_worker;
grant usage on sequence dispatch.jobs_job_id_seq to dispatch_worker;
grant select, insert on dispatch.pieces, dispatch.refused, dispatch.releases to dispatch_worker;
grant select, insert, update, delete on dispatch.held to dispatch_worker;   -- update: rows are locked while decided again
grant select, insert, delete on dispatch.release_votes to dispatch_worker;
grant select, insert, update on dispatch.batches to dispatch_worker;
grant select, insert on dispatch.batch_pieces to dispatch_worker;
grant select, insert on dispatch.events to dispatch_worker;

grant select on mailbox.letters to dispatch_worker;
grant execute on function mailbox.create_leaf(int), mailbox.index_leaf(int), mailbox.trust_ticket_key(bytea)
    to dispatch_worker;

do $$
declare
    leaf regclass;
begin
    for leaf in select inhrelid::regclass from pg_inherits where inhparent = 'mailbox.letters'::regclass loop
        execute format('grant select, insert on %s to dispatch_worker', leaf);
    end loop;
end $$;

-- ── readers and auditors ────────────────────────────────────────────────────────────────────────────────────────────

grant usage on schema mailbox to dispatch_reader;
grant select (segment, job_id, row_no, person_id, available_at, sealed) on mailbox.letters to dispatch_reader;
grant select on mailbox.inbox to dispatch_reader;
grant execute on function mailbox.ticket_person() to dispatch_reader;

grant usage on schema ops to dispatch_auditor;
grant select on ops.jobs, ops.effects, ops.job_ledger, ops.print_batches, ops.held, ops.notifications to dispatch_auditor;
