-- Files agents send along with their replies: taken in when they are chosen, and with a message once
-- it is written.

create table files (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    ticket_id uuid not null references tickets (id) on delete cascade,
    agent_id uuid not null references agents (id) on delete cascade,
    -- None while nothing was sent with it.
    message_id uuid references messages (id) on delete cascade,
    place bigint not null,
    name text not null,
    media_type text not null,
    size bigint not null,
    bytes bytea not null,
    created_at bigint not null
);
create index files_ticket on files (ticket_id, agent_id) where message_id is null;
create index files_message on files (message_id, place);
