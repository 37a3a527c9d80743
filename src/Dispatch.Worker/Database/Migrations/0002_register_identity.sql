-- A register version is known by a random id beside its number: numbers repeat when a database is made anew or restored,
-- and what is kept outside the database must never be taken for another register's.
alter table register.versions add column identity uuid not null default gen_random_uuid();
