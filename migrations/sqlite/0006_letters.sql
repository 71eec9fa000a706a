-- Mails: what one says beside its words, and the names by which its thread is found again.

create table letters (
    message_id blob primary key not null references messages (id) on delete cascade deferrable initially deferred,
    brand_id blob not null references brands (id) on delete cascade,
    subject text not null,
    answer_to text,
    refs text not null
) strict;

create table thread_names (
    channel_id blob not null references channels (id) on delete cascade,
    name text not null,
    brand_id blob not null references brands (id) on delete cascade,
    thread_id blob not null references threads (id) on delete cascade,
    primary key (channel_id, name)
) strict;
create index thread_names_thread on thread_names (thread_id);
