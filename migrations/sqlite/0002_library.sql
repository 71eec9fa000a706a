-- The library: canned replies as their authors wrote them, with every version; what the brand says
-- about itself.

create table canned_replies (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    path text not null,
    version integer not null,
    source text not null,
    private_mode text not null,
    public_mode text not null,
    public_asked_by blob references agents (id) on delete set null,
    changed_by blob references agents (id) on delete set null,
    changed_at integer not null,
    unique (brand_id, path)
) strict;

create table canned_versions (
    id blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    path text not null,
    version integer not null,
    source text,
    agent_id blob references agents (id) on delete set null,
    at integer not null,
    unique (brand_id, path, version)
) strict;

create table brand_facts (
    brand_id blob not null references brands (id) on delete cascade,
    name text not null,
    value text not null,
    primary key (brand_id, name)
) strict;
