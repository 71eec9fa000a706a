-- What the bot missed, put together by what was asked: the last survey of each brand, what somebody
-- decided about a cluster, and replies of people that are proposed as entries.

create table missed_surveys (
    brand_id uuid primary key not null references brands (id) on delete cascade,
    -- Somebody asked for a new one.
    asked_at bigint,
    made_at bigint,
    -- The moment it looks back to, how many questions it found, and whether there were more.
    since bigint not null,
    questions bigint not null,
    capped boolean not null
);

create table missed_clusters (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    place bigint not null,
    questions bigint not null,
    saves bigint not null,
    languages jsonb not null,
    weeks jsonb not null,
    answers jsonb not null,
    near text
);
create index missed_clusters_brand on missed_clusters (brand_id, place);

create table missed_members (
    cluster_id uuid not null references missed_clusters (id) on delete cascade,
    place bigint not null,
    message_id uuid not null references messages (id) on delete cascade,
    primary key (cluster_id, place)
);
create index missed_members_message on missed_members (message_id);

create table missed_choices (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    choice text not null,
    -- The entry it became, or was added to.
    entry text,
    title text not null,
    -- By language: what asks the same is not missed any more.
    texts jsonb not null,
    agent_id uuid references agents (id) on delete set null,
    at bigint not null
);
create index missed_choices_brand on missed_choices (brand_id, at);

create table missed_settled (
    message_id uuid primary key not null references messages (id) on delete cascade,
    choice_id uuid not null references missed_choices (id) on delete cascade
);
create index missed_settled_choice on missed_settled (choice_id);

create table reply_proposals (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    -- The reply it was made of.
    message_id uuid references messages (id) on delete set null,
    path text not null,
    source text not null,
    agent_id uuid references agents (id) on delete set null,
    at bigint not null,
    state text not null,
    decided_by uuid references agents (id) on delete set null,
    decided_at bigint
);
create index reply_proposals_open on reply_proposals (brand_id, at) where state = 'open';
create index reply_proposals_message on reply_proposals (message_id);
