-- Channels are read side by side: each is held by whoever reads it, backs off alone when that fails, and
-- says what keeps it from working while its login is good. Bodies are taken in by turns of connections.

alter table channels add column held_by blob;
alter table channels add column held_until integer;
alter table channels add column poll_failures integer not null default 0;
alter table channels add column hindered text;
alter table channels add column hindered_why text;
alter table channels add column hindered_since integer;
create index deliveries_turns on deliveries (connection_id, next_at, seq) where state = 'received';
insert into sqlite_stat1 (tbl, idx, stat) values ('deliveries', 'deliveries_turns', '200 20 1 1');
