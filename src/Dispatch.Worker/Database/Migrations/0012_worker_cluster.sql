-- The cluster of workers: what the scheduler keeps, who works on which shard, and what ran when.

-- ── our own: the guard ──────────────────────────────────────────────────────────────────────────────────────────────

-- A run of chunks that one worker takes at once. The lease is told in the database's time and saves double work; what
-- makes a row go out once is the epoch of its chunk. A shard is done when its chunks are: nothing says so twice.
create table dispatch.shards (
    job_id       int not null references dispatch.jobs,
    shard_no     int not null,                -- from 0, in list order
    first_chunk  int not null,
    last_chunk   int not null,
    holder       text,                        -- node and attempt that works on it; null = nobody
    lease_until  timestamptz,
    primary key (job_id, shard_no),
    check (first_chunk <= last_chunk),
    check ((holder is null) = (lease_until is null))
);

-- Jobs that were released by a program without shards.
insert into dispatch.shards (job_id, shard_no, first_chunk, last_chunk)
select c.job_id, c.chunk_no / 16, min(c.chunk_no), max(c.chunk_no)
from dispatch.chunks c join dispatch.jobs j on j.job_id = c.job_id
where j.released_at is not null and j.state in ('running', 'paused')
group by c.job_id, c.chunk_no / 16;

-- Work on a job failed: who would start it again waits until then, on every node. Gone when it succeeds.
create table dispatch.setbacks (
    job_id       int primary key references dispatch.jobs,
    code         text not null,               -- of the error
    failures     int not null,                -- one after the other
    at           timestamptz not null,
    retry_at     timestamptz not null
);

-- Worker processes: a line each, kept fresh while it lives.
create table dispatch.nodes (
    node         text primary key,            -- host, process and a random part: never the same twice
    started_at   timestamptz not null default clock_timestamp(),
    seen_at      timestamptz not null default clock_timestamp(),
    gate         text not null default '',    -- why it takes nothing at the moment; empty = it does
    gate_since   timestamptz
);

-- What ran for which date: the key is what makes a nightly run happen once, whoever starts it how often.
create table dispatch.runs (
    schedule      text not null,
    business_date date not null,              -- local, Europe/Copenhagen
    node          text not null,
    started_at    timestamptz not null default clock_timestamp(),
    finished_at   timestamptz,
    outcome       text,
    primary key (schedule, business_date),
    check ((finished_at is null) = (outcome is null))
);

grant select, insert, update on dispatch.shards, dispatch.runs to dispatch_worker;
grant select, insert, update, delete on dispatch.setbacks, dispatch.nodes to dispatch_worker;

-- ── the scheduler's: it only starts things ──────────────────────────────────────────────────────────────────────────

-- The tables of Quartz.NET 4.7.3 (Apache-2.0) for PostgreSQL, without those of its execution history. Nothing here is
-- needed to know what was sent: emptied, they fill again from the tables above.
create schema scheduler;

create table scheduler.qrtz_job_details (
    sched_name text not null,
    job_name text not null,
    job_group text not null,
    description text null,
    job_class_name text not null,
    is_durable bool not null,
    is_nonconcurrent bool not null,
    is_update_data bool not null,
    requests_recovery bool not null,
    job_data bytea null,
    primary key (sched_name,job_name,job_group)
);

create table scheduler.qrtz_triggers (
    sched_name text not null,
    trigger_name text not null,
    trigger_group text not null,
    job_name text not null,
    job_group text not null,
    description text null,
    next_fire_time bigint null,
    prev_fire_time bigint null,
    priority integer null,
    trigger_state text not null,
    trigger_type text not null,
    start_time bigint not null,
    end_time bigint null,
    calendar_name text null,
    misfire_instr smallint null,
    misfire_orig_fire_time bigint null,
    execution_group varchar(200) null,
    preferred_node varchar(200) null,
    preferred_node_auto bool not null default false,
    retry_policy varchar(250) null,
    retry_attempt integer null,
    continues_trigger_name text null,
    continues_trigger_group text null,
    continuation_condition integer null,
    overlap_policy integer null,
    pause_reason varchar(250) null,
    paused_by varchar(200) null,
    paused_at bigint null,
    misfire_threshold bigint null,
    fixed_delay bool null,
    job_data bytea null,
    primary key (sched_name,trigger_name,trigger_group),
    foreign key (sched_name,job_name,job_group) references scheduler.qrtz_job_details (sched_name,job_name,job_group)
);

create table scheduler.qrtz_simple_triggers (
    sched_name text not null,
    trigger_name text not null,
    trigger_group text not null,
    repeat_count bigint not null,
    repeat_interval bigint not null,
    times_triggered bigint not null,
    primary key (sched_name,trigger_name,trigger_group),
    foreign key (sched_name,trigger_name,trigger_group)
        references scheduler.qrtz_triggers (sched_name,trigger_name,trigger_group) on delete cascade
);

create table scheduler.qrtz_cron_triggers (
    sched_name text not null,
    trigger_name text not null,
    trigger_group text not null,
    cron_expression text not null,
    time_zone_id text,
    primary key (sched_name,trigger_name,trigger_group),
    foreign key (sched_name,trigger_name,trigger_group)
        references scheduler.qrtz_triggers (sched_name,trigger_name,trigger_group) on delete cascade
);

create table scheduler.qrtz_simprop_triggers (
    sched_name text not null,
    trigger_name text not null,
    trigger_group text not null,
    str_prop_1 text null,
    str_prop_2 text null,
    str_prop_3 text null,
    int_prop_1 integer null,
    int_prop_2 integer null,
    long_prop_1 bigint null,
    long_prop_2 bigint null,
    dec_prop_1 numeric null,
    dec_prop_2 numeric null,
    bool_prop_1 bool null,
    bool_prop_2 bool null,
    time_zone_id text null,
    primary key (sched_name,trigger_name,trigger_group),
    foreign key (sched_name,trigger_name,trigger_group)
        references scheduler.qrtz_triggers (sched_name,trigger_name,trigger_group) on delete cascade
);

create table scheduler.qrtz_blob_triggers (
    sched_name text not null,
    trigger_name text not null,
    trigger_group text not null,
    blob_data bytea null,
    primary key (sched_name,trigger_name,trigger_group),
    foreign key (sched_name,trigger_name,trigger_group)
        references scheduler.qrtz_triggers (sched_name,trigger_name,trigger_group) on delete cascade
);

create table scheduler.qrtz_calendars (
    sched_name text not null,
    calendar_name text not null,
    calendar bytea not null,
    primary key (sched_name,calendar_name)
);

create table scheduler.qrtz_paused_trigger_grps (
    sched_name text not null,
    trigger_group text not null,
    pause_reason varchar(250) null,
    paused_by varchar(200) null,
    paused_at bigint null,
    primary key (sched_name,trigger_group)
);

create table scheduler.qrtz_paused_job_grps (
    sched_name text not null,
    job_group text not null,
    pause_reason varchar(250) null,
    paused_by varchar(200) null,
    paused_at bigint null,
    primary key (sched_name,job_group)
);

create table scheduler.qrtz_fired_triggers (
    sched_name text not null,
    entry_id text not null,
    trigger_name text not null,
    trigger_group text not null,
    instance_name text not null,
    fired_time bigint not null,
    sched_time bigint not null,
    priority integer not null,
    state text not null,
    job_name text null,
    job_group text null,
    is_nonconcurrent bool not null,
    requests_recovery bool null,
    execution_group varchar(200) null,
    progress integer null,
    progress_message varchar(250) null,
    interrupt_requested_time bigint null,
    primary key (sched_name,entry_id)
);

create table scheduler.qrtz_scheduler_state (
    sched_name text not null,
    instance_name text not null,
    last_checkin_time bigint not null,
    checkin_interval bigint not null,
    quartz_version varchar(20) null,
    primary key (sched_name,instance_name)
);

create table scheduler.qrtz_locks (
    sched_name text not null,
    lock_name text not null,
    primary key (sched_name,lock_name)
);

create index idx_qrtz_j_g_n on scheduler.qrtz_job_details (sched_name, job_group, job_name);

create index idx_qrtz_t_j on scheduler.qrtz_triggers (sched_name, job_name, job_group);

create index idx_qrtz_t_g_n on scheduler.qrtz_triggers (sched_name, trigger_group, trigger_name);

create index idx_qrtz_t_c on scheduler.qrtz_triggers (sched_name, calendar_name);

create index idx_qrtz_t_nft_st
    on scheduler.qrtz_triggers (sched_name, trigger_state, next_fire_time asc, priority desc, misfire_instr);

create index idx_qrtz_ft_inst_job_req_rcvry
    on scheduler.qrtz_fired_triggers (sched_name, instance_name, requests_recovery);

create index idx_qrtz_ft_j_g on scheduler.qrtz_fired_triggers (sched_name, job_name, job_group);

create index idx_qrtz_ft_t_g on scheduler.qrtz_fired_triggers (sched_name, trigger_name, trigger_group);

grant usage on schema scheduler to dispatch_worker;
grant select, insert, update, delete on all tables in schema scheduler to dispatch_worker;
