-- What people corrected is told by the log itself; this finds it without reading a brand's whole past.

create index events_examples on events (brand_id, seq) where actor_kind = 'agent' and message_id is not null;
