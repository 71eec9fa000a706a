-- What the bot missed, put together by what was asked: the last survey of each brand, what somebody
-- decided about a cluster, and replies of people that are proposed as entries.

create table missed_surveys (
    brand_id blob primary key not null references brands (id) on delete cascade,
    -- Somebody asked for a new one.
    asked_at integer,
    made_at integer,
    -- The moment it looks back to, how many questions it found, and whether there were more.
    since integer not null,
    questions integer not null,
    capped integer not null
) strict;

create table missed_clusters (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    place integer not null,
    questions integer not null,
    saves integer not null,
    languages text not null,
    weeks text not null,
    answers text not null,
    near text
) strict;
create index missed_clusters_brand on missed_clusters (brand_id, place);

create table missed_members (
    cluster_id blob not null references missed_clusters (id) on delete cascade,
    place integer not null,
    message_id blob not null references messages (id) on delete cascade,
    primary key (cluster_id, place)
) strict;
create index missed_members_message on missed_members (message_id);

create table missed_choices (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    choice text not null,
    -- The entry it became, or was added to.
    entry text,
    title text not null,
    -- By language: what asks the same is not missed any more.
    texts text not null,
    agent_id blob references agents (id) on delete set null,
    at integer not null
) strict;
create index missed_choices_brand on missed_choices (brand_id, at);

create table missed_settled (
    message_id blob primary key not null references messages (id) on delete cascade,
    choice_id blob not null references missed_choices (id) on delete cascade
) strict;
create index missed_settled_choice on missed_settled (choice_id);

create table reply_proposals (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    -- The reply it was made of.
    message_id blob references messages (id) on delete set null,
    path text not null,
    source text not null,
    agent_id blob references agents (id) on delete set null,
    at integer not null,
    state text not null,
    decided_by blob references agents (id) on delete set null,
    decided_at integer
) strict;
create index reply_proposals_open on reply_proposals (brand_id, at) where state = 'open';
create index reply_proposals_message on reply_proposals (message_id);
