-- Font files letters were accepted with, each once: a letter is made again after the machine's fonts were upgraded.
-- Letters accepted before this have none kept until their letter is submitted again.
create table dispatch.fonts (
    sha256       text primary key,           -- lower-case hexadecimal, as in dispatch.templates.fonts
    content      bytea not null
);

-- A TrueType file hardly gets smaller.
alter table dispatch.fonts alter column content set storage external;

grant select, insert on dispatch.fonts to dispatch_worker;
