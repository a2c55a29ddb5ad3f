-- What is written to see whether there is room, read back, and removed again.

create table probe (
    id         ${identity},
    written_at bigint not null,
    content    ${bytes} not null
);
