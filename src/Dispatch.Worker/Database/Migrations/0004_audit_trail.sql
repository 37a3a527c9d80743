-- The trail is append-only and hash-chained: each event carries the hash of the one before it and its own, over all it
-- says. Whatever inserts an event is chained, in the transaction that does what the event tells of.

alter table dispatch.events
    alter column event_no drop identity,
    add column prev_hash bytea,
    add column hash bytea;

-- The end of the chain, in one row: who appends holds it until the transaction ends.
create table dispatch.trail_head (
    is_only      boolean primary key default true check (is_only),
    event_no     bigint not null,
    hash         bytea not null
);
insert into dispatch.trail_head (event_no, hash) values (0, decode(repeat('00', 32), 'hex'));

-- Which configuration was used last is asked at every start.
create index events_configuration on dispatch.events (event_no) where action = 'configuration';

-- SHA-256 over: the hash before; event_no and at (microseconds since 2000-01-01 UTC) as 8 bytes, high byte first; actor,
-- action and detail as UTF-8 after their length in 4 bytes; job_id and row_no as 1 and 4 bytes, or as 0.
create function dispatch.event_hash(
    prev bytea, event_no bigint, at timestamptz, actor text, action text, job_id int, row_no int, detail text)
returns bytea language sql immutable set search_path = pg_catalog, pg_temp as $$
    select sha256(
        prev || int8send(event_no) || timestamptz_send(at)
        || int4send(octet_length(actor)) || convert_to(actor, 'UTF8')
        || int4send(octet_length(action)) || convert_to(action, 'UTF8')
        || case when job_id is null then '\x00'::bytea else '\x01'::bytea || int4send(job_id) end
        || case when row_no is null then '\x00'::bytea else '\x01'::bytea || int4send(row_no) end
        || int4send(octet_length(detail)) || convert_to(detail, 'UTF8'))
$$;

do $$
declare
    e dispatch.events;
    last dispatch.trail_head;
begin
    select * into last from dispatch.trail_head;
    for e in select * from dispatch.events order by event_no loop
        last.event_no := last.event_no + 1;
        update dispatch.events
        set event_no = last.event_no, prev_hash = last.hash,
            hash = dispatch.event_hash(last.hash, last.event_no, e.at, e.actor, e.action, e.job_id, e.row_no, e.detail)
        where event_no = e.event_no
        returning hash into last.hash;
    end loop;
    update dispatch.trail_head set event_no = last.event_no, hash = last.hash;
end $$;

alter table dispatch.events
    alter column prev_hash set not null,
    alter column hash set not null;

-- Number, time and hashes are the owner's to give, whoever inserts. A statement's own rows follow each other; the head
-- moves once, when the statement ends. Should the head be ahead of the last event, the tail was cut: the gap stays.
-- The last event is found by its index: planned while the table is small, a session would go on reading all of it. What
-- that costs on paper must not bring on compilation.
create function dispatch.chain_event() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
declare
    last_no   bigint;
    last_hash bytea;
    head_no   bigint;
    head_hash bytea;
begin
    select h.event_no, h.hash into strict head_no, head_hash from dispatch.trail_head h for update;
    select e.event_no, e.hash into last_no, last_hash from dispatch.events e order by e.event_no desc limit 1;
    if last_no > head_no then
        head_no := last_no;
        head_hash := last_hash;
    end if;
    new.event_no := head_no + 1;
    new.at := clock_timestamp();
    new.prev_hash := head_hash;
    new.hash := dispatch.event_hash(
        head_hash, new.event_no, new.at, new.actor, new.action, new.job_id, new.row_no, new.detail);
    return new;
end $$;

create function dispatch.move_trail_head() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
begin
    update dispatch.trail_head h set event_no = e.event_no, hash = e.hash
    from (select event_no, hash from dispatch.events order by event_no desc limit 1) e
    where e.event_no > h.event_no;
    return null;
end $$;

create function dispatch.refuse_event_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'the trail is only appended to' using errcode = 'insufficient_privilege';
end $$;

create trigger events_chain before insert on dispatch.events
    for each row execute function dispatch.chain_event();
create trigger events_head after insert on dispatch.events
    for each statement execute function dispatch.move_trail_head();
create trigger events_append_only before update or delete or truncate on dispatch.events
    for each statement execute function dispatch.refuse_event_change();
alter table dispatch.events
    enable always trigger events_chain,
    enable always trigger events_head,
    enable always trigger events_append_only;

revoke all on function dispatch.chain_event(), dispatch.move_trail_head(), dispatch.refuse_event_change() from public;
revoke update, delete, truncate on dispatch.events from public;
revoke all on dispatch.trail_head from public;

do $$
begin
    if exists (select from pg_roles where rolname = 'dispatch_worker') then
        revoke update, delete, truncate on dispatch.events from dispatch_worker;
        grant select on dispatch.trail_head to dispatch_worker;
    end if;
end $$;
