-- What print houses answer: receipt files, what each of their lines did, and what a person must look at.

-- The local date by the end of which something must have been said of every piece; set with the hand-off.
alter table dispatch.batches add column receipt_due date;

-- Handed off before there were deadlines: four days are two working days or more, but for long holidays.
update dispatch.batches set receipt_due = (handed_off_at at time zone 'Europe/Copenhagen')::date + 4
where handed_off_at is not null;

-- Few pieces are ever in it, and none when it is written.
create index batch_pieces_lost on dispatch.batch_pieces (job_id, row_no) where state in ('spoiled', 'rejected');

-- By SFTP: the ticket lies on the server whole, under its .part name; committed before the one rename that hands off.
alter table dispatch.batches add column ticket_ready_at timestamptz;

-- The server it is handed off to, set with handoff_started_at; null: by folder. A batch never changes its way.
alter table dispatch.batches add column handoff_target text;

create table dispatch.receipt_files (
    receipt_id   int generated always as identity primary key,
    print_house  text not null,               -- who it came from, by the word of the operator who imported it
    sha256       bytea,                       -- null for a file that was too large to be read
    bytes        bigint not null,
    name         text not null,               -- the file's own
    lines        int not null,                -- receipts in it; 0 when quarantined
    state        text not null check (state in ('applied', 'quarantined')),
    reason       text not null default '',    -- code of the fault of a quarantined file
    detail       text not null default '',    -- where and what it is
    imported_at  timestamptz not null,
    imported_by  text not null,
    constraint receipt_files_once unique (print_house, sha256)
);

create table dispatch.receipt_lines (
    receipt_id   int not null,                -- written with its file in one transaction
    line_no      int not null,                -- 1-based, the header is line 1
    batch_id     int not null,
    sequence     int not null,                -- the piece's place in its batch; 0: the batch
    status       text not null check (status in ('accepted', 'rejected', 'printed', 'posted', 'spoiled', 'returned')),
    pages        int,
    sheets       int,
    claimed_at   timestamptz not null,        -- by the print house's clock
    verdict      text not null check (verdict in ('applied', 'repeated', 'late', 'contradiction', 'duplicate')),
    primary key (receipt_id, line_no)
);
create index receipt_lines_batch on dispatch.receipt_lines (batch_id, sequence);

create table dispatch.incidents (
    incident_no  int generated always as identity primary key,
    at           timestamptz not null,
    kind         text not null,
    print_house  text not null,
    receipt_id   int not null references dispatch.receipt_files,
    batch_id     int references dispatch.batches,
    sequence     int not null default 0,      -- the piece's place in its batch; 0: the batch, or the file
    detail       text not null,               -- never a number of a person, a name, an address or letter text
    constraint incidents_once unique (kind, batch_id, sequence)
);

create view ops.print_pieces as
select b.name as batch, i.sequence, i.piece_id, i.job_id, i.row_no, i.attempt,
       coalesce(i.state, case when b.state = 'rejected' then 'rejected'
                              when b.state in ('planned', 'composed') then 'planned'
                              else 'handed_off' end) as state
from dispatch.batches b join dispatch.batch_pieces i on i.batch_id = b.batch_id;

create view ops.receipts as
select print_house, encode(sha256, 'hex') as sha256, bytes, lines, state, reason, detail, imported_at, imported_by
from dispatch.receipt_files;

create view ops.incidents as
select n.at, n.kind, n.print_house, b.name as batch, b.job_id, i.row_no, i.piece_id, b.attempt, n.detail
from dispatch.incidents n
left join dispatch.batches b on b.batch_id = n.batch_id
left join dispatch.batch_pieces i on i.batch_id = n.batch_id and i.sequence = n.sequence
union all
select imported_at, 'receipt.quarantined', print_house, null, null, null, null, null, reason || ': ' || detail
from dispatch.receipt_files where state = 'quarantined';

-- Batches of which not every piece was answered for in time. Nothing is sent again by itself.
create view ops.receipt_alarms as
select b.name as batch, b.job_id, b.print_house, b.state, b.handed_off_at, b.receipt_due as due, b.pieces,
       (select count(*) from dispatch.batch_pieces i
        where i.batch_id = b.batch_id and i.state is null)::int as unanswered
from dispatch.batches b
where b.state in ('handed_off', 'accepted')
  and b.receipt_due < (clock_timestamp() at time zone 'Europe/Copenhagen')::date;

-- The lines of the file that is being imported, one file at a time; beside the ledger, so that a file is looked at whole
-- before any of it counts. What the last import left goes first in the next.
create unlogged table dispatch.received (
    line_no      int not null,
    batch        text not null,
    piece_id     text,
    status       smallint not null,
    pages        int,
    sheets       int,
    claimed_at   timestamptz not null
);
create index received_batch on dispatch.received (batch, line_no);

grant select, insert, update, delete on dispatch.receipt_files to dispatch_worker;
grant select, insert on dispatch.receipt_lines, dispatch.incidents to dispatch_worker;
grant select, insert, delete on dispatch.received to dispatch_worker;
grant update (state) on dispatch.batch_pieces to dispatch_worker;
grant select on ops.print_pieces, ops.receipts, ops.incidents, ops.receipt_alarms to dispatch_auditor;
