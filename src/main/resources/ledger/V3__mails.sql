-- ${bytes} is the database's word for bytes.

create table mail (
    id           ${identity},
    import_id    bigint references import (id), -- under which its commands' outcomes stand; null if none was carried out
    message_id   text   not null,               -- empty where it has none
    content_hash text   not null,
    sender       text   not null,               -- as From says, which proves nothing where the decision is quarantine
    decision     text   not null,               -- execute, refuse, ignore or quarantine
    reason       text   not null,
    thread       bigint,                        -- the mail with which its thread began
    entered_at   bigint not null,
    finished_at  bigint                         -- null until each of its commands has an outcome
);

create index mail_message on mail (message_id);
create index mail_import on mail (import_id);
create index mail_thread on mail (thread);

-- Where it was found: the same mail can be delivered twice.
create table mail_place (
    account      text   not null,
    folder       text   not null,
    uid_validity bigint not null,
    uid          bigint not null,
    mail_id      bigint not null references mail (id),
    primary key (account, folder, uid_validity, uid)
) ${by_key};

create index mail_place_mail on mail_place (mail_id);

-- The imports of the CSV files attached to it.
create table mail_attachment (
    mail_id   bigint not null references mail (id),
    import_id bigint not null references import (id),
    primary key (mail_id, import_id)
) ${by_key};

create index mail_attachment_import on mail_attachment (import_id);

create table mail_answer (
    mail_id     bigint  primary key references mail (id),
    message_id  text    not null unique,
    recipient   text    not null,
    content     ${bytes},          -- the whole answer; null when it was sent or given up
    prepared_at bigint  not null,
    times       integer not null,  -- how often it was prepared: once for each delivery of the mail
    attempts    integer not null,
    next_at     bigint             -- when it is tried next; null when it was sent or given up
);

create index mail_answer_next on mail_answer (next_at);
create index mail_answer_recipient on mail_answer (recipient, prepared_at);
