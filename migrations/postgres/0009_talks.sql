-- Conversations of the bot over several turns, what it said in them, and the connectors it asks.

create table talks (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    channel_id uuid not null references channels (id) on delete cascade,
    thread_id uuid not null references threads (id) on delete cascade,
    ticket_id uuid not null references tickets (id) on delete cascade deferrable initially deferred,
    contact_id uuid not null references contacts (id) on delete cascade deferrable initially deferred,
    -- The message that was heard last.
    message_id uuid not null references messages (id) on delete cascade deferrable initially deferred,
    entry text not null,
    -- The version of the entry it follows: another one ends it.
    version text not null,
    -- waiting (for the customer), to_call, calling, over, handed_over, broken, given_up
    state text not null,
    -- Where it stands: slots, results, what is waited for.
    stand jsonb not null,
    -- Until when it waits, or until when a call may take.
    until bigint not null,
    begun_at bigint not null,
    updated_at bigint not null
);
create index talks_waiting on talks (channel_id, contact_id) where state in ('waiting', 'to_call', 'calling');
create index talks_due on talks (until) where state in ('waiting', 'to_call', 'calling');
create index talks_thread on talks (thread_id, begun_at);
create index talks_ticket on talks (ticket_id, updated_at);

-- Every message of the bot in a conversation.
create table talk_says (
    reply_id uuid primary key not null references messages (id) on delete cascade deferrable initially deferred,
    talk_id uuid not null references talks (id) on delete cascade,
    -- 1 once the customer answered it in private: then it counts inside its conversation only.
    answered boolean not null default false,
    at bigint not null
);
create index talk_says_talk on talk_says (talk_id, at);

-- The words to choose from that go with a message, where a network shows them as buttons.
alter table outbox add column choices jsonb;

create table connectors (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    name text not null,
    address text not null,
    -- What calls are signed with, sealed.
    secret bytea not null,
    -- How the last calls went.
    ok_at bigint,
    failed_at bigint,
    failure text,
    created_at bigint not null
);
create unique index connectors_name on connectors (brand_id, name);
