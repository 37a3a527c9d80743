-- The same send as one SQL script: psql -f set_based.sql < recipients.csv. It does less than dispatch does: no sealing,
-- no duplicates, no check of values, no PDF, no going on after an interruption, and a shorter set of rules.
-- By the server's manual: staging is not logged, tables are made by the statement that fills them (wal_level is minimal,
-- so they are synced instead of logged), statistics before joins, parallel scans, indexes after loading.
\set ON_ERROR_STOP on
set client_min_messages = warning;
set max_parallel_workers_per_gather = 2;
set work_mem = '512MB';
set maintenance_work_mem = '512MB';
set min_parallel_table_scan_size = 0;
drop schema if exists peer cascade;
create schema peer;
create unlogged table peer.list (
    row_no int generated always as identity, recipient text, reference text, loen text, pension text, am_bidrag text,
    personlig_indkomst text, renteindtaegter text, renteudgifter text, befordring text, fagforening text,
    beskaeftigelsesfradrag text, skattepligtig_indkomst text, beregnet_skat text, betalt_skat text, restskat text,
    beloeb text, dato text);
\copy peer.list (recipient, reference, loen, pension, am_bidrag, personlig_indkomst, renteindtaegter, renteudgifter, befordring, fagforening, beskaeftigelsesfradrag, skattepligtig_indkomst, beregnet_skat, betalt_skat, restskat, beloeb, dato) from pstdin with (format csv, delimiter ';', header)
analyze peer.list;

create unlogged table peer.decided as
select l.row_no, p.person_id, p.postcode,
       case when p.cpr is null or p.status in (30, 90) then 'refused'
            when p.status = 70 then 'held'
            when p.exempt or p.status = 80 or coalesce(p.street, '') = ''
              or (p.birth_day > current_date - date '1900-01-01' - 15 * 365 and not p.voluntary) then 'paper'
            else 'digital' end as channel
from peer.list l
left join register.people p
  on p.cpr = case when l.recipient ~ '^[0-9]{10}$' then l.recipient::bigint end and not p.removed;
analyze peer.decided;

begin;
create table peer.letters as
select 1 as job_id, d.row_no, d.person_id, now() as available_at,
       concat_ws(';', l.reference, l.loen, l.pension, l.am_bidrag, l.personlig_indkomst, l.renteindtaegter,
                 l.renteudgifter, l.befordring, l.fagforening, l.beskaeftigelsesfradrag, l.skattepligtig_indkomst,
                 l.beregnet_skat, l.betalt_skat, l.restskat, l.beloeb, l.dato) as letter_values
from peer.decided d join peer.list l using (row_no)
where d.channel = 'digital';
create table peer.pieces as
select 1 as job_id, d.row_no, d.person_id, d.channel, d.postcode,
       concat_ws(';', l.reference, l.loen, l.pension, l.am_bidrag, l.personlig_indkomst, l.renteindtaegter,
                 l.renteudgifter, l.befordring, l.fagforening, l.beskaeftigelsesfradrag, l.skattepligtig_indkomst,
                 l.beregnet_skat, l.betalt_skat, l.restskat, l.beloeb, l.dato) as letter_values
from peer.decided d join peer.list l using (row_no)
where d.channel <> 'digital';
alter table peer.letters add primary key (row_no);
create index on peer.letters (person_id);
alter table peer.pieces add primary key (row_no);
create index on peer.pieces (postcode);
commit;
