-- The counter: brands, people, channels, the two inbound logs, threads, tickets, messages, outbox.
-- Times are microseconds since 1970 (UTC); ids are UUID version 7; every row names its brand.

create table meta (
    key text primary key not null,
    value text not null
);

create table brands (
    id uuid primary key not null,
    slug text not null unique,
    name text not null,
    languages text not null,
    timezone text not null,
    next_number bigint not null default 1,
    bot_stopped_at bigint,
    created_at bigint not null
);

create table agents (
    id uuid primary key not null,
    email text not null unique,
    name text not null,
    password_hash text,
    locale text not null,
    theme text not null default 'auto',
    density text not null default 'comfortable',
    keys boolean not null default true,
    auth_epoch bigint not null default 1,
    everywhere text,
    disabled_at bigint,
    created_at bigint not null
);

create table grants (
    agent_id uuid not null references agents (id) on delete cascade,
    brand_id uuid not null references brands (id) on delete cascade,
    role text not null,
    primary key (agent_id, brand_id)
);
create index grants_brand on grants (brand_id);

create table teams (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    slug text not null,
    name text,
    unique (brand_id, slug)
);

create table team_members (
    team_id uuid not null references teams (id) on delete cascade,
    agent_id uuid not null references agents (id) on delete cascade,
    brand_id uuid not null references brands (id) on delete cascade,
    primary key (team_id, agent_id)
);

create table sessions (
    hash bytea primary key not null,
    agent_id uuid not null references agents (id) on delete cascade,
    brand_id uuid references brands (id) on delete set null,
    auth_epoch bigint not null,
    user_agent text not null,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null
);
create index sessions_agent on sessions (agent_id);

create table invitations (
    hash bytea primary key not null,
    agent_id uuid references agents (id) on delete cascade,
    kind text not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);

create table attempts (
    id uuid primary key not null,
    key text not null,
    at bigint not null
);
create index attempts_key on attempts (key, at);

create table tokens (
    id uuid primary key not null,
    agent_id uuid not null references agents (id) on delete cascade,
    hash bytea not null unique,
    scopes text not null,
    auth_epoch bigint not null,
    created_at bigint not null,
    expires_at bigint,
    used_at bigint,
    revoked_at bigint
);

create table connections (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    network text not null,
    hook_hash bytea not null unique,
    hook_token bytea not null,
    settings jsonb not null,
    secrets bytea not null,
    created_at bigint not null
);

create table channels (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    connection_id uuid not null references connections (id) on delete cascade,
    network text not null,
    name text not null,
    account text not null,
    settings jsonb not null,
    secrets bytea not null,
    state text not null,
    state_why text,
    quiet_until bigint,
    usage bigint,
    last_in_at bigint,
    last_out_at bigint,
    polled_at bigint,
    poll_cursor text,
    tended_at bigint,
    created_at bigint not null,
    unique (brand_id, network, account)
);
create index channels_brand on channels (brand_id);

-- First log: raw bodies as they arrived, written before anything else is done.
create table deliveries (
    seq bigint generated always as identity primary key,
    id uuid not null unique,
    brand_id uuid not null references brands (id) on delete cascade,
    connection_id uuid not null references connections (id) on delete cascade,
    channel_id uuid references channels (id) on delete cascade,
    source text not null,
    sha256 bytea not null,
    body bytea not null,
    state text not null,
    error text,
    attempts bigint not null default 0,
    next_at bigint not null,
    received_at bigint not null,
    unique (connection_id, sha256)
);
create index deliveries_due on deliveries (next_at, seq) where state = 'received';
create index deliveries_trouble on deliveries (brand_id, seq) where state = 'quarantined';

-- Second log: one row per element of a delivery.
create table inbound (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    channel_id uuid references channels (id) on delete cascade,
    delivery_id uuid not null references deliveries (id) on delete cascade,
    n bigint not null,
    event_key text not null,
    state text not null,
    kind text,
    reason text,
    item jsonb,
    waits_for text,
    message_id uuid,
    ticket_id uuid,
    attempts bigint not null default 0,
    next_at bigint,
    created_at bigint not null,
    unique (channel_id, event_key)
);
create index inbound_delivery on inbound (delivery_id, n);
create index inbound_parked on inbound (channel_id, waits_for) where state = 'parked';
create index inbound_due on inbound (next_at) where state in ('parked', 'retry');
create index inbound_apart on inbound (brand_id, state, created_at) where state <> 'done';

create table posts (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    channel_id uuid not null references channels (id) on delete cascade,
    external_id text not null,
    own boolean,
    author_name text,
    text text,
    permalink text,
    picture text,
    published_at bigint,
    hidden_at bigint,
    deleted_at bigint,
    reactions jsonb not null,
    created_at bigint not null,
    unique (channel_id, external_id)
);

create table contacts (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    name text not null,
    -- For finding: the name in lower case, without accents.
    folded text collate "C" not null,
    language text,
    merged_into uuid references contacts (id) on delete cascade,
    created_at bigint not null
);
create index contacts_name on contacts (brand_id, folded, id) where merged_into is null;

create table identities (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    contact_id uuid not null references contacts (id) on delete cascade deferrable initially deferred,
    network text not null,
    realm text not null,
    external_id text not null,
    handle text,
    -- For finding: the handle in lower case, without its “@”; empty when there is none.
    folded text collate "C" not null,
    name text,
    created_at bigint not null,
    unique (brand_id, network, realm, external_id)
);
create index identities_handle on identities (brand_id, folded, contact_id);
create index identities_contact on identities (contact_id);

create table threads (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    channel_id uuid not null references channels (id) on delete cascade,
    external_key text not null,
    post_id uuid references posts (id) on delete set null,
    kind text not null,
    visibility text not null,
    partner text,
    continues uuid,
    created_at bigint not null,
    unique (channel_id, external_key)
);
create index threads_post on threads (post_id);

create table tickets (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    number bigint not null,
    channel_id uuid not null references channels (id) on delete cascade,
    network text not null,
    thread_id uuid not null references threads (id) on delete cascade,
    contact_id uuid not null references contacts (id) on delete cascade deferrable initially deferred,
    kind text not null,
    visibility text not null,
    state text not null,
    bot text not null,
    stage text not null,
    stage_held boolean not null default false,
    stage_evidence jsonb not null,
    team_id uuid references teams (id) on delete set null,
    assignee_id uuid references agents (id) on delete set null,
    priority text not null,
    sentiment double precision,
    language text,
    labels jsonb not null,
    excerpt text not null,
    last_message_at bigint not null,
    last_inbound_at bigint,
    waiting_since bigint,
    sla_due_at bigint,
    snoozed_until bigint,
    created_at bigint not null,
    resolved_at bigint,
    merged_into uuid references tickets (id) on delete cascade,
    continues uuid references tickets (id) on delete set null,
    unique (brand_id, number),
    unique (thread_id, contact_id)
);
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
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    ticket_id uuid references tickets (id) on delete cascade deferrable initially deferred,
    thread_id uuid not null references threads (id) on delete cascade,
    channel_id uuid not null references channels (id) on delete cascade,
    direction text not null,
    kind text not null,
    visibility text not null,
    contact_id uuid references contacts (id) on delete set null deferrable initially deferred,
    agent_id uuid references agents (id) on delete set null,
    by_rule text,
    author_name text not null,
    author_handle text,
    text text not null,
    attachments jsonb not null,
    external_id text,
    parent_external_id text,
    post_external_id text,
    rating text,
    language text,
    replyable boolean not null default true,
    machine boolean not null default false,
    at bigint not null,
    edited_at bigint,
    deleted_at bigint,
    hidden_at bigint,
    liked_at bigint,
    reactions jsonb not null,
    versions jsonb not null,
    delivery text,
    delivery_reason text,
    delivery_why text,
    trace jsonb,
    client_key text,
    created_at bigint not null
);
create unique index messages_external on messages (channel_id, external_id) where external_id is not null;
create unique index messages_client_key on messages (brand_id, client_key) where client_key is not null;
create index messages_thread on messages (thread_id, at, id);
create index messages_ticket on messages (ticket_id, at, id);

-- What somebody is writing and has not sent: one for each ticket, person and way to answer. When
-- two devices wrote, the newer stands and the older is kept beside it.
create table drafts (
    ticket_id uuid not null references tickets (id) on delete cascade,
    agent_id uuid not null references agents (id) on delete cascade,
    mode text not null,
    brand_id uuid not null references brands (id) on delete cascade,
    text text not null,
    updated_at bigint not null,
    previous text,
    previous_at bigint,
    primary key (ticket_id, agent_id, mode)
);
create index drafts_agent on drafts (brand_id, agent_id);

-- What we ask networks to do. A row is `sending`, committed, before the first byte leaves.
create table outbox (
    seq bigint generated always as identity primary key,
    id uuid not null unique,
    brand_id uuid not null references brands (id) on delete cascade,
    channel_id uuid not null references channels (id) on delete cascade,
    thread_id uuid not null references threads (id) on delete cascade,
    ticket_id uuid references tickets (id) on delete cascade deferrable initially deferred,
    message_id uuid not null references messages (id) on delete cascade deferrable initially deferred,
    agent_id uuid,
    by_rule text,
    action text not null,
    text text not null,
    target text,
    target_is_post boolean not null default false,
    root text,
    post text,
    recipient text,
    state text not null,
    reason text,
    why text,
    attempt bigint not null default 0,
    looks bigint not null default 0,
    resent boolean not null default false,
    next_at bigint not null,
    not_after bigint not null,
    asked_at bigint,
    lease_by uuid,
    lease_until bigint,
    external_id text,
    created_at bigint not null
);
create unique index outbox_one_in_flight on outbox (thread_id) where state in ('sending', 'unknown');
create index outbox_queue on outbox (thread_id, seq) where state in ('held', 'queued', 'sending', 'retry_wait', 'unknown');
create index outbox_due on outbox (state, next_at, seq);
create index outbox_message on outbox (message_id);
create index outbox_blocked on outbox (channel_id) where state = 'blocked';

-- Work to be done later for a channel: asking for what a hook only named.
create table errands (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    channel_id uuid not null references channels (id) on delete cascade,
    kind text not null,
    subject uuid not null,
    item jsonb not null,
    state text not null,
    error text,
    attempts bigint not null default 0,
    due_at bigint not null,
    lease_until bigint,
    created_at bigint not null,
    unique (kind, subject)
);
create index errands_due on errands (due_at) where state = 'waiting';

-- What happened; only ever added to. Live updates, search and reports read on from a place in it.
create table events (
    seq bigint generated always as identity primary key,
    at bigint not null,
    brand_id uuid not null references brands (id) on delete cascade,
    kind text not null,
    ticket_id uuid,
    message_id uuid,
    actor_kind text not null,
    actor text,
    data jsonb not null,
    trace jsonb,
    xid bigint not null default (pg_current_xact_id()::text::bigint)
);
create index events_ticket on events (ticket_id, seq) where ticket_id is not null;
create index events_brand on events (brand_id, seq);

create table merges (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    kind text not null,
    from_id uuid not null,
    into_id uuid not null,
    undo jsonb not null,
    agent_id uuid,
    at bigint not null,
    undone_at bigint
);
create index merges_into on merges (into_id);

create table leases (
    name text primary key not null,
    holder uuid not null,
    until bigint not null
);
