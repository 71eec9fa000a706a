-- The library: canned replies as their authors wrote them, with every version; what the brand says
-- about itself.

create table canned_replies (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    path text not null,
    version bigint not null,
    source text not null,
    private_mode text not null,
    public_mode text not null,
    public_asked_by uuid references agents (id) on delete set null,
    changed_by uuid references agents (id) on delete set null,
    changed_at bigint not null,
    unique (brand_id, path)
);

create table canned_versions (
    id uuid primary key not null,
    brand_id uuid not null references brands (id) on delete cascade,
    path text not null,
    version bigint not null,
    source text,
    agent_id uuid references agents (id) on delete set null,
    at bigint not null,
    unique (brand_id, path, version)
);

create table brand_facts (
    brand_id uuid not null references brands (id) on delete cascade,
    name text not null,
    value text not null,
    primary key (brand_id, name)
);
