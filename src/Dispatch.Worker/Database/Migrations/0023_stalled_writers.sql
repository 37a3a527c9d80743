-- A session that stands still is told whether others wait for it or not: who waits may give up and come again, and the
-- time it stands still goes on.
drop function dispatch.stalled_writers();

-- Sessions of the caller's own login that wrote rows' effects or to the trail and wait for their client. What was done
-- is in the mark: the same mark at a later look says that nothing was done in between.
create function dispatch.stalled_writers() returns table (pid int, mark text, is_waited_for boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with waited_for as materialized (
        select distinct unnest(pg_blocking_pids(w.pid)) as pid from pg_stat_activity w
        where w.datname = current_database() and w.wait_event_type = 'Lock'
    )
    select a.pid, concat_ws(' ', extract(epoch from a.backend_start), extract(epoch from a.xact_start),
                            extract(epoch from a.state_change), c.relid, c.bytes_processed),
           exists (select from waited_for w where w.pid = a.pid)
    from pg_stat_activity a left join pg_stat_progress_copy c on c.pid = a.pid
    where a.datname = current_database() and a.usesysid = (select oid from pg_roles where rolname = session_user)
      and a.wait_event_type = 'Client' and a.xact_start is not null
      and exists (
          select from pg_locks l join pg_class r on r.oid = l.relation join pg_namespace n on n.oid = r.relnamespace
          where l.pid = a.pid and l.locktype = 'relation' and l.mode = 'RowExclusiveLock' and l.granted
            and (n.nspname = 'mailbox'
                 or n.nspname = 'dispatch' and r.relname in ('chunks', 'pieces', 'held', 'refused', 'events')))
$$;

-- Only while it is still so, and somebody waits for it. What its transaction wrote is gone with it.
create or replace function dispatch.end_stalled_writer(pid int, mark text) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce((
        select pg_terminate_backend(s.pid) from dispatch.stalled_writers() s
        where s.pid = end_stalled_writer.pid and s.mark = end_stalled_writer.mark and s.is_waited_for), false)
$$;

grant execute on function dispatch.stalled_writers() to dispatch_worker;
