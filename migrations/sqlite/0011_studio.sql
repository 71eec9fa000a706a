-- The bot's studio: what is being changed and is not yet live, what was published to whom and when, and
-- what trying it on real messages has shown.

-- A brand's draft: entries that differ from what is live; the others are as they are live.
create table draft_entries (
    brand_id blob not null references brands (id) on delete cascade,
    path text not null,
    -- The live version it was begun from; 0 for a new entry.
    base integer not null,
    -- None: it is to be taken away.
    source text,
    -- Raised at every change of it, so that nobody writes over somebody else.
    version integer not null,
    changed_by blob references agents (id) on delete set null,
    changed_at integer not null,
    primary key (brand_id, path)
) strict;

-- Every change of a draft, also those that were given up.
create table draft_changes (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    path text not null,
    before text,
    after text,
    agent_id blob references agents (id) on delete set null,
    at integer not null
) strict;
create index draft_changes_path on draft_changes (brand_id, path, at);

create table releases (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    number integer not null,
    -- Path and version of every entry.
    manifest text not null,
    -- `trial`, `live` or `past`.
    standing text not null,
    -- `all`, `tenth` or `shadow`.
    reach text not null,
    why text not null,
    made_by blob references agents (id) on delete set null,
    approved_by blob references agents (id) on delete set null,
    made_at integer not null,
    -- Since when it stands as it does.
    since integer not null,
    -- When a trial ends by itself.
    ends_at integer,
    unique (brand_id, number)
) strict;

-- What was done with releases, for whoever asks later.
create table release_acts (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    number integer not null,
    did text not null,
    why text not null,
    agent_id blob references agents (id) on delete set null,
    at integer not null
) strict;
create index release_acts_brand on release_acts (brand_id, at);

-- A second person has read a draft that says something in public, and agrees.
create table approvals (
    brand_id blob not null references brands (id) on delete cascade,
    print text not null,
    agent_id blob not null references agents (id) on delete cascade,
    at integer not null,
    primary key (brand_id, print, agent_id)
) strict;

-- A replay: which messages, what was tried on them, how far it is.
create table replays (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    sample text not null,
    -- Fingerprints of what was live and of what was tried.
    live_print text not null,
    tried_print text not null,
    -- A release's number; none for the draft.
    tried integer,
    -- `running`, `done`, `cancelled` or `outdated`.
    state text not null,
    -- How many are to be replayed at most, and how many have been.
    most integer not null,
    done integer not null,
    -- The place in the log before which it goes on.
    place integer not null,
    buckets text not null,
    fixes text not null,
    first_at integer,
    last_at integer,
    spent integer not null,
    agent_id blob references agents (id) on delete set null,
    began_at integer not null
) strict;
create index replays_brand on replays (brand_id, began_at);
create index replays_running on replays (state) where state = 'running';

-- The messages that would fare differently.
create table replay_rows (
    replay_id blob not null references replays (id) on delete cascade,
    brand_id blob not null references brands (id) on delete cascade,
    n integer not null,
    message_id blob not null references messages (id) on delete cascade,
    bucket text not null,
    -- What becomes of it, in short: a verdict is about exactly this.
    outcome text not null,
    seen text not null,
    primary key (replay_id, n)
) strict;

-- What a person says of a change to one message.
create table replay_verdicts (
    brand_id blob not null references brands (id) on delete cascade,
    message_id blob not null references messages (id) on delete cascade,
    outcome text not null,
    verdict text not null,
    -- The entry whose tests remember it; none where no test could be written.
    entry text,
    agent_id blob references agents (id) on delete set null,
    at integer not null,
    primary key (brand_id, message_id, outcome)
) strict;

-- What a trial would have said, or said, beside what is live.
create table trial_thoughts (
    message_id blob primary key not null references messages (id) on delete cascade,
    brand_id blob not null references brands (id) on delete cascade,
    release_id blob not null references releases (id) on delete cascade,
    -- True where the trial was heard.
    heard integer not null,
    bucket text not null,
    live text not null,
    tried text not null,
    at integer not null
) strict;
create index trial_thoughts_release on trial_thoughts (release_id, at);

-- Who may not write may say what should be written.
create table proposals (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    path text not null,
    words text not null,
    agent_id blob references agents (id) on delete set null,
    at integer not null,
    settled_at integer
) strict;
create index proposals_open on proposals (brand_id, at) where settled_at is null;

-- The last messages an entry was found for.
create index thoughts_latest on thoughts (brand_id, entry, at) where entry is not null;

-- See 0004: the planner is told what a grown desk looks like.
insert into sqlite_stat1 (tbl, idx, stat) values ('thoughts', 'thoughts_latest', '150000 50000 1000 1');
analyze sqlite_schema;
