-- Names that become paths and commands on the machines of workers: whoever may write to these tables is not to choose
-- what is read, sent or deleted there. The program looks for itself too.

alter table dispatch.jobs add constraint jobs_list_file_name
    check (list_file ~ '^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$');

alter table dispatch.batches
    add constraint batches_name check (name ~ '^[a-z0-9-]{1,200}$'),
    add constraint batches_print_house check (print_house ~ '^[a-z0-9][a-z0-9-]{0,63}$');

alter table dispatch.receipt_files add constraint receipt_files_print_house
    check (print_house ~ '^[a-z0-9][a-z0-9-]{0,63}$');


-- ── what two operators must want ────────────────────────────────────────────────────────────────────────────────────

-- Days of retention below those dispatch comes with: what they destroy is a nation's.
create table dispatch.retention_votes (
    class        text not null check (class in ('list', 'letters', 'pieces', 'print_files', 'receipts')),
    days         int not null check (days >= 30),
    operator     text not null,
    reason       text not null check (reason <> ''),
    at           timestamptz not null default clock_timestamp(),
    primary key (class, days, operator)
);

-- The fewest days that may be purged after. Who wants few is content with more: it is what the second of two wants.
create function dispatch.agreed_days(class text) returns int
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select least(
        case class when 'list' then 90 when 'letters' then 36500 when 'pieces' then 365 when 'print_files' then 90
                   when 'receipts' then 1825 end,
        (select min(v.days) from dispatch.retention_votes v where v.class = agreed_days.class
         group by v.operator order by 1 offset 1 limit 1))
$$;

create function dispatch.demand_agreement() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if new.days < dispatch.agreed_days(new.class) then
        raise exception 'nobody may purge % after % days alone', new.class, new.days
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger purges_agreed before insert on dispatch.purges
    for each row execute function dispatch.demand_agreement();

revoke all on function dispatch.agreed_days(text), dispatch.demand_agreement() from public;

grant select, insert on dispatch.retention_votes to dispatch_worker;
grant execute on function dispatch.agreed_days(text) to dispatch_worker;
