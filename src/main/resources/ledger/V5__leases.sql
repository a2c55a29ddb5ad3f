-- Who does a thing that only one of the processes that share the ledger may do at a time.
create table lease (
    name       text   not null primary key, -- what may be done: read a mailbox, carry out an import, ...
    owner      text   not null,             -- of one process, and never of another
    holder     text   not null,             -- the process, as a person would look for it
    expires_at bigint not null              -- by the database's clock; then it is anybody's
);
