-- What people made of what the bot offered and said, kept with the thought: the evidence from which
-- automatic answers open and by which they close.

-- The language the message was taken to be in, who would read the answer, and how sure the bot was, in
-- whole hundredths.
alter table thoughts add column language text;
alter table thoughts add column visibility text;
alter table thoughts add column score bigint;
-- What came of it, and how like the entry's text what was sent is.
alter table thoughts add column judged text;
alter table thoughts add column alike double precision;
-- The entry a person used.
alter table thoughts add column chosen text;
-- From the message to a person's answer, in microseconds.
alter table thoughts add column took bigint;
-- Who judged: a person of ours, or nobody where the customer did.
alter table thoughts add column judged_by uuid references agents (id) on delete set null;
alter table thoughts add column judged_at bigint;

-- Reports count by these alone, without reading what was thought.
create index thoughts_report on thoughts (brand_id, at, decision, entry, channel_id, language, judged, reply_id, took);
create index thoughts_entry on thoughts (brand_id, entry, visibility, at, judged, reply_id, language, score) where entry is not null;
create index thoughts_reply on thoughts (reply_id) where reply_id is not null;

-- From which score on an entry answers by itself, and the evidence for it; in hundredths.
create table calibrations (
    brand_id uuid not null references brands (id) on delete cascade,
    entry text not null,
    visibility text not null,
    -- A language with evidence enough of its own; empty for all others together.
    language text not null,
    threshold bigint not null,
    carried bigint not null,
    right_ones bigint not null,
    judged bigint not null,
    at bigint not null,
    primary key (brand_id, entry, visibility, language)
);

-- Since when an entry answers by itself, and when the brake closed it.
create table openings (
    brand_id uuid not null references brands (id) on delete cascade,
    entry text not null,
    visibility text not null,
    opened_at bigint not null,
    opened_by uuid references agents (id) on delete set null,
    closed_at bigint,
    corrected bigint not null,
    answers bigint not null,
    primary key (brand_id, entry, visibility)
);

-- The outside model of each brand that has one.
create table assists (
    brand_id uuid primary key not null references brands (id) on delete cascade,
    -- What stands before /chat/completions.
    address text not null,
    model text not null,
    -- off, choose or draft.
    may text not null,
    -- The key, sealed.
    sealed bytea,
    changed_by uuid references agents (id) on delete set null,
    changed_at bigint not null
);
