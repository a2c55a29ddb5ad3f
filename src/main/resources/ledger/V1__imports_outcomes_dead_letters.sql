-- Times are microseconds since 1970-01-01T00:00:00Z. In the database's own words, ${identity} is a counted key and
-- ${by_key} stores rows in the order of their key.

create table ledger (
    id   integer primary key check (id = 1), -- one row, however many processes open it at once
    mark text not null                       -- begins the IDs of this ledger's dead letters
);

create table import (
    id          ${identity},
    fingerprint text   not null, -- what was given, where to and with which meaning
    source      text   not null,
    name        text   not null,
    header      text,            -- of a CSV file: its first line, as CSV
    total       bigint not null, -- instructions in it
    started_at  bigint not null,
    finished_at bigint,          -- null until each of them has its outcome
    exit_code   integer
);

create index import_fingerprint on import (fingerprint);

create table outcome (
    import_id   bigint  not null references import (id),
    position    bigint  not null,
    ticket      text    not null,
    parameters  text    not null, -- names of what was to be changed, one a line
    outcome     text    not null,
    status      integer,
    attempts    integer not null,
    reason      text    not null,
    finished_at bigint  not null,
    primary key (import_id, position)
) ${by_key};

create table dead_letter (
    id           ${identity},
    import_id    bigint  not null references import (id),
    source       text    not null,
    name         text    not null,
    position     bigint  not null,
    ticket       text    not null,
    parameters   text    not null, -- JSON object, in the order given
    original     text    not null,
    outcome      text    not null,
    status       integer,
    errors       text    not null, -- JSON object, field to list of messages
    reason       text    not null,
    attempts     integer not null,
    first_at     bigint  not null,
    last_at      bigint  not null,
    replays      integer not null,
    state        text    not null, -- open, requested, applied or discarded; see DeadLetter
    changed_by   text,             -- who edited or discarded it last
    changed_at   bigint,
    forwarded_at bigint,           -- null until it was sent to caravan.dead-letter.forward
    unique (import_id, position)
);

create index dead_letter_state on dead_letter (state);
