-- Incidents, and receipt files in quarantine, stay open until a person closes them, with a reason. What a print house says
-- again opens them again.
alter table dispatch.incidents
    add column closed_at    timestamptz,
    add column closed_by    text,
    add column close_reason text,
    add constraint incidents_closed check (
        (closed_at is null) = (closed_by is null) and (closed_at is null) = (close_reason is null));

alter table dispatch.receipt_files
    add column closed_at    timestamptz,
    add column closed_by    text,
    add column close_reason text,
    add constraint receipt_files_closed check (
        (closed_at is null) = (closed_by is null) and (closed_at is null) = (close_reason is null));

create or replace view ops.incidents as
select n.at, n.kind, n.print_house, b.name as batch, b.job_id, i.row_no, i.piece_id, b.attempt, n.detail,
       n.incident_no::text as incident, n.closed_at, n.closed_by, n.close_reason
from dispatch.incidents n
left join dispatch.batches b on b.batch_id = n.batch_id
left join dispatch.batch_pieces i on i.batch_id = n.batch_id and i.sequence = n.sequence
union all
select imported_at, 'receipt.quarantined', print_house, null, null, null, null, null, reason || ': ' || detail,
       'file-' || receipt_id, closed_at, closed_by, close_reason
from dispatch.receipt_files where state = 'quarantined';

grant update on dispatch.incidents to dispatch_worker;
