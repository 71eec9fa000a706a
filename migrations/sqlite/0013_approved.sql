-- Texts that a network has approved beforehand (WhatsApp's templates): they may be sent when the time
-- to answer is over. Read from the network again and again; what it no longer lists is gone here, too.
create table approved (
    brand_id blob not null references brands (id) on delete cascade,
    channel_id blob not null references channels (id) on delete cascade,
    name text not null,
    language text not null,
    -- What it says, and what is to be filled in.
    content text not null,
    seen_at integer not null,
    primary key (channel_id, name, language)
) strict;

-- Which of them a reply is, and what was filled in.
alter table outbox add column approved text;
