-- Files agents send along with their replies: taken in when they are chosen, and with a message once
-- it is written.

create table files (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    ticket_id blob not null references tickets (id) on delete cascade,
    agent_id blob not null references agents (id) on delete cascade,
    -- None while nothing was sent with it.
    message_id blob references messages (id) on delete cascade,
    place integer not null,
    name text not null,
    media_type text not null,
    size integer not null,
    bytes blob not null,
    created_at integer not null
) strict;
create index files_ticket on files (ticket_id, agent_id) where message_id is null;
create index files_message on files (message_id, place);
