-- What the bot thought of each message, and what it did: the explanation beside the ticket, and what
-- its brakes count.

create table thoughts (
    message_id blob primary key not null references messages (id) on delete cascade,
    brand_id blob not null references brands (id) on delete cascade,
    ticket_id blob not null references tickets (id) on delete cascade deferrable initially deferred,
    thread_id blob not null references threads (id) on delete cascade,
    channel_id blob not null references channels (id) on delete cascade,
    contact_id blob references contacts (id) on delete set null deferrable initially deferred,
    decision text not null,
    entry text,
    because text,
    trace text not null,
    others text not null,
    -- The message it answered with; none when it did not, or when that was taken back.
    reply_id blob references messages (id) on delete set null deferrable initially deferred,
    -- A fingerprint of the words it said, for telling that somebody sends them back to us.
    said text,
    at integer not null
) strict;
create index thoughts_ticket on thoughts (ticket_id, at);
create index thoughts_answers on thoughts (brand_id, at) where reply_id is not null;
create index thoughts_thread on thoughts (thread_id, at) where reply_id is not null;
create index thoughts_contact on thoughts (contact_id, at) where reply_id is not null;
create index thoughts_said on thoughts (brand_id, said) where reply_id is not null;

-- How far those who act upon the log have read it.
create table readers (
    name text primary key not null,
    seq integer not null
) strict;

-- Automatic answers that have not left: taken back when a person leads or the bot is stopped.
create index outbox_bot on outbox (brand_id, ticket_id) where by_rule is not null and state in ('held', 'queued', 'retry_wait', 'blocked');
