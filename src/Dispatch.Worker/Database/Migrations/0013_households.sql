-- The envelope a piece goes into. Null: its number is the piece's sequence, so that jobs in which nobody shares an
-- envelope are written as before.
alter table dispatch.batch_pieces add column envelope_no int;

create or replace view ops.print_pieces as
select b.name as batch, i.sequence, i.piece_id, i.job_id, i.row_no, i.attempt,
       coalesce(i.state, case when b.state = 'rejected' then 'rejected'
                              when b.state in ('planned', 'composed') then 'planned'
                              else 'handed_off' end) as state,
       coalesce(i.envelope_no, i.sequence) as envelope
from dispatch.batches b join dispatch.batch_pieces i on i.batch_id = b.batch_id;
