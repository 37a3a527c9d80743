-- A run of the day that ended with something an operator has to look at says so until one that did not.
alter table dispatch.runs add column has_failed boolean not null default false;
