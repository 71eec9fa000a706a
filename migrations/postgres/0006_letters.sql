-- Mails: what one says beside its words, and the names by which its thread is found again.

create table letters (
    message_id uuid primary key not null references messages (id) on delete cascade deferrable initially deferred,
    brand_id uuid not null references brands (id) on delete cascade,
    subject text not null,
    answer_to text,
    refs jsonb not null
);

create table thread_names (
    channel_id uuid not null references channels (id) on delete cascade,
    name text not null,
    brand_id uuid not null references brands (id) on delete cascade,
    thread_id uuid not null references threads (id) on delete cascade,
    primary key (channel_id, name)
);
create index thread_names_thread on thread_names (thread_id);
