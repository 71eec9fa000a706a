-- What networks give by the day is counted by connection; a poll may ask for its next; and whoever logs
-- in at a network comes back through a door of their own.

alter table connections add column spent_day text;
alter table connections add column spent integer not null default 0;
alter table channels add column poll_at integer;

create table logins (
    hash blob primary key not null,
    brand_id blob not null references brands (id) on delete cascade,
    agent_id blob not null references agents (id) on delete cascade,
    -- The session it was begun in: only there it can be finished.
    session blob not null,
    network text not null,
    -- The channel whose login is renewed; none for a new one.
    channel_id blob references channels (id) on delete cascade,
    -- The form, the verifier and what the network told, sealed.
    sealed blob not null,
    -- `asked` until the network sends the person back, then `known` until they confirm.
    state text not null,
    expires_at integer not null
) strict;
create index logins_old on logins (expires_at);
