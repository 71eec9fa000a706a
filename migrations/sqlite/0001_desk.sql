-- The counter: brands, people, channels, the two inbound logs, threads, tickets, messages, outbox.
-- Times are microseconds since 1970 (UTC); ids are UUID version 7; every row names its brand.

create table meta (
    key text primary key not null,
    value text not null
) strict;

create table brands (
    id blob primary key not null,
    slug text not null unique,
    name text not null,
    languages text not null,
    timezone text not null,
    next_number integer not null default 1,
    bot_stopped_at integer,
    created_at integer not null
) strict;

create table agents (
    id blob primary key not null,
    email text not null unique,
    name text not null,
    password_hash text,
    locale text not null,
    theme text not null default 'auto',
    density text not null default 'comfortable',
    keys integer not null default 1,
    auth_epoch integer not null default 1,
    everywhere text,
    disabled_at integer,
    created_at integer not null
) strict;

create table grants (
    agent_id blob not null references agents (id) on delete cascade,
    brand_id blob not null references brands (id) on delete cascade,
    role text not null,
    primary key (agent_id, brand_id)
) strict;
create index grants_brand on grants (brand_id);

create table teams (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    slug text not null,
    name text,
    unique (brand_id, slug)
) strict;

create table team_members (
    team_id blob not null references teams (id) on delete cascade,
    agent_id blob not null references agents (id) on delete cascade,
    brand_id blob not null references brands (id) on delete cascade,
    primary key (team_id, agent_id)
) strict;

create table sessions (
    hash blob primary key not null,
    agent_id blob not null references agents (id) on delete cascade,
    brand_id blob references brands (id) on delete set null,
    auth_epoch integer not null,
    user_agent text not null,
    created_at integer not null,
    seen_at integer not null,
    expires_at integer not null
) strict;
create index sessions_agent on sessions (agent_id);

create table invitations (
    hash blob primary key not null,
    agent_id blob references agents (id) on delete cascade,
    kind text not null,
    created_at integer not null,
    expires_at integer not null,
    used_at integer
) strict;

create table attempts (
    id blob primary key not null,
    key text not null,
    at integer not null
) strict;
create index attempts_key on attempts (key, at);

create table tokens (
    id blob primary key not null,
    agent_id blob not null references agents (id) on delete cascade,
    hash blob not null unique,
    scopes text not null,
    auth_epoch integer not null,
    created_at integer not null,
    expires_at integer,
    used_at integer,
    revoked_at integer
) strict;

create table connections (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    network text not null,
    hook_hash blob not null unique,
    hook_token blob not null,
    settings text not null,
    secrets blob not null,
    created_at integer not null
) strict;

create table channels (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    connection_id blob not null references connections (id) on delete cascade,
    network text not null,
    name text not null,
    account text not null,
    settings text not null,
    secrets blob not null,
    state text not null,
    state_why text,
    quiet_until integer,
    usage integer,
    last_in_at integer,
    last_out_at integer,
    polled_at integer,
    poll_cursor text,
    tended_at integer,
    created_at integer not null,
    unique (brand_id, network, account)
) strict;
create index channels_brand on channels (brand_id);

-- First log: raw bodies as they arrived, written before anything else is done.
create table deliveries (
    seq integer primary key autoincrement,
    id blob not null unique,
    brand_id blob not null references brands (id) on delete cascade,
    connection_id blob not null references connections (id) on delete cascade,
    channel_id blob references channels (id) on delete cascade,
    source text not null,
    sha256 blob not null,
    body blob not null,
    state text not null,
    error text,
    attempts integer not null default 0,
    next_at integer not null,
    received_at integer not null,
    unique (connection_id, sha256)
) strict;
create index deliveries_due on deliveries (next_at, seq) where state = 'received';
create index deliveries_trouble on deliveries (brand_id, seq) where state = 'quarantined';

-- Second log: one row per element of a delivery.
create table inbound (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    channel_id blob references channels (id) on delete cascade,
    delivery_id blob not null references deliveries (id) on delete cascade,
    n integer not null,
    event_key text not null,
    state text not null,
    kind text,
    reason text,
    item text,
    waits_for text,
    message_id blob,
    ticket_id blob,
    attempts integer not null default 0,
    next_at integer,
    created_at integer not null,
    unique (channel_id, event_key)
) strict;
create index inbound_delivery on inbound (delivery_id, n);
create index inbound_parked on inbound (channel_id, waits_for) where state = 'parked';
create index inbound_due on inbound (next_at) where state in ('parked', 'retry');
create index inbound_apart on inbound (brand_id, state, created_at) where state <> 'done';

create table posts (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    channel_id blob not null references channels (id) on delete cascade,
    external_id text not null,
    own integer,
    author_name text,
    text text,
    permalink text,
    picture text,
    published_at integer,
    hidden_at integer,
    deleted_at integer,
    reactions text not null,
    created_at integer not null,
    unique (channel_id, external_id)
) strict;

create table contacts (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    name text not null,
    -- For finding: the name in lower case, without accents.
    folded text not null,
    language text,
    merged_into blob references contacts (id) on delete cascade,
    created_at integer not null
) strict;
create index contacts_name on contacts (brand_id, folded, id) where merged_into is null;

create table identities (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    contact_id blob not null references contacts (id) on delete cascade deferrable initially deferred,
    network text not null,
    realm text not null,
    external_id text not null,
    handle text,
    -- For finding: the handle in lower case, without its “@”; empty when there is none.
    folded text not null,
    name text,
    created_at integer not null,
    unique (brand_id, network, realm, external_id)
) strict;
create index identities_handle on identities (brand_id, folded, contact_id);
create index identities_contact on identities (contact_id);

create table threads (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    channel_id blob not null references channels (id) on delete cascade,
    external_key text not null,
    post_id blob references posts (id) on delete set null,
    kind text not null,
    visibility text not null,
    partner text,
    continues blob,
    created_at integer not null,
    unique (channel_id, external_key)
) strict;
create index threads_post on threads (post_id);

create table tickets (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    number integer not null,
    channel_id blob not null references channels (id) on delete cascade,
    network text not null,
    thread_id blob not null references threads (id) on delete cascade,
    contact_id blob not null references contacts (id) on delete cascade deferrable initially deferred,
    kind text not null,
    visibility text not null,
    state text not null,
    bot text not null,
    stage text not null,
    stage_held integer not null default 0,
    stage_evidence text not null,
    team_id blob references teams (id) on delete set null,
    assignee_id blob references agents (id) on delete set null,
    priority text not null,
    sentiment real,
    language text,
    labels text not null,
    excerpt text not null,
    last_message_at integer not null,
    last_inbound_at integer,
    waiting_since integer,
    sla_due_at integer,
    snoozed_until integer,
    created_at integer not null,
    resolved_at integer,
    merged_into blob references tickets (id) on delete cascade,
    continues blob references tickets (id) on delete set null,
    unique (brand_id, number),
    unique (thread_id, contact_id)
) strict;
create index tickets_open on tickets (brand_id, last_message_at, id, state, team_id, assignee_id, stage, network, kind, visibility, channel_id) where state <> 'resolved';
create index tickets_mine on tickets (brand_id, assignee_id, last_message_at, id, state, team_id, stage, network, kind, visibility, channel_id) where state <> 'resolved';
create index tickets_team on tickets (brand_id, team_id, last_message_at, id, state, assignee_id, stage, network, kind, visibility, channel_id) where state <> 'resolved';
-- “By when”: what is due first, then what is not due at all (the far end of time), for sorting by urgency.
create index tickets_urgent on tickets (brand_id, coalesce(sla_due_at, 253402300799000000), id, state, team_id, assignee_id, stage, network, kind, visibility, channel_id) where state <> 'resolved';
create index tickets_done on tickets (brand_id, last_message_at, id, team_id, assignee_id, stage, network, kind, visibility, channel_id) where state = 'resolved';
create index tickets_asleep on tickets (snoozed_until) where state = 'snoozed';
create index tickets_contact on tickets (contact_id);
create index tickets_continues on tickets (continues) where continues is not null;

create table messages (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    ticket_id blob references tickets (id) on delete cascade deferrable initially deferred,
    thread_id blob not null references threads (id) on delete cascade,
    channel_id blob not null references channels (id) on delete cascade,
    direction text not null,
    kind text not null,
    visibility text not null,
    contact_id blob references contacts (id) on delete set null deferrable initially deferred,
    agent_id blob references agents (id) on delete set null,
    by_rule text,
    author_name text not null,
    author_handle text,
    text text not null,
    attachments text not null,
    external_id text,
    parent_external_id text,
    post_external_id text,
    rating text,
    language text,
    replyable integer not null default 1,
    machine integer not null default 0,
    at integer not null,
    edited_at integer,
    deleted_at integer,
    hidden_at integer,
    liked_at integer,
    reactions text not null,
    versions text not null,
    delivery text,
    delivery_reason text,
    delivery_why text,
    trace text,
    client_key text,
    created_at integer not null
) strict;
create unique index messages_external on messages (channel_id, external_id) where external_id is not null;
create unique index messages_client_key on messages (brand_id, client_key) where client_key is not null;
create index messages_thread on messages (thread_id, at, id);
create index messages_ticket on messages (ticket_id, at, id);

-- What somebody is writing and has not sent: one for each ticket, person and way to answer. When
-- two devices wrote, the newer stands and the older is kept beside it.
create table drafts (
    ticket_id blob not null references tickets (id) on delete cascade,
    agent_id blob not null references agents (id) on delete cascade,
    mode text not null,
    brand_id blob not null references brands (id) on delete cascade,
    text text not null,
    updated_at integer not null,
    previous text,
    previous_at integer,
    primary key (ticket_id, agent_id, mode)
) strict;
create index drafts_agent on drafts (brand_id, agent_id);

-- What we ask networks to do. A row is `sending`, committed, before the first byte leaves.
create table outbox (
    seq integer primary key autoincrement,
    id blob not null unique,
    brand_id blob not null references brands (id) on delete cascade,
    channel_id blob not null references channels (id) on delete cascade,
    thread_id blob not null references threads (id) on delete cascade,
    ticket_id blob references tickets (id) on delete cascade deferrable initially deferred,
    message_id blob not null references messages (id) on delete cascade deferrable initially deferred,
    agent_id blob,
    by_rule text,
    action text not null,
    text text not null,
    target text,
    target_is_post integer not null default 0,
    root text,
    post text,
    recipient text,
    state text not null,
    reason text,
    why text,
    attempt integer not null default 0,
    looks integer not null default 0,
    resent integer not null default 0,
    next_at integer not null,
    not_after integer not null,
    asked_at integer,
    lease_by blob,
    lease_until integer,
    external_id text,
    created_at integer not null
) strict;
create unique index outbox_one_in_flight on outbox (thread_id) where state in ('sending', 'unknown');
create index outbox_queue on outbox (thread_id, seq) where state in ('held', 'queued', 'sending', 'retry_wait', 'unknown');
create index outbox_due on outbox (state, next_at, seq);
create index outbox_message on outbox (message_id);
create index outbox_blocked on outbox (channel_id) where state = 'blocked';

-- Work to be done later for a channel: asking for what a hook only named.
create table errands (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    channel_id blob not null references channels (id) on delete cascade,
    kind text not null,
    subject blob not null,
    item text not null,
    state text not null,
    error text,
    attempts integer not null default 0,
    due_at integer not null,
    lease_until integer,
    created_at integer not null,
    unique (kind, subject)
) strict;
create index errands_due on errands (due_at) where state = 'waiting';

-- What happened; only ever added to. Live updates, search and reports read on from a place in it.
create table events (
    seq integer primary key autoincrement,
    at integer not null,
    brand_id blob not null references brands (id) on delete cascade,
    kind text not null,
    ticket_id blob,
    message_id blob,
    actor_kind text not null,
    actor text,
    data text not null,
    trace text,
    xid integer not null default 0
) strict;
create index events_ticket on events (ticket_id, seq) where ticket_id is not null;
create index events_brand on events (brand_id, seq);

create table merges (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    kind text not null,
    from_id blob not null,
    into_id blob not null,
    undo text not null,
    agent_id blob,
    at integer not null,
    undone_at integer
) strict;
create index merges_into on merges (into_id);

create table leases (
    name text primary key not null,
    holder blob not null,
    until integer not null
) strict;
