-- Which message of which queue stands where in the ledger. A batch of messages is one import; the updates of a message
-- have the positions from its own up to the next one's.

create table message (
    name      text   not null, -- the queue or topic
    id        text   not null, -- the message's ID, or "caravan-id " and what the sender calls it
    content   text   not null, -- hash of what it says, so that another under the same ID is found out
    import_id bigint not null references import (id),
    position  bigint not null, -- of its first update
    origin    text   not null, -- JSON object, for dead letters: message_id, partition, offset
    primary key (name, id)
) ${by_key};

create index message_position on message (import_id, position);
