-- How often things happened in each hour, so that an overview needs not look at the events themselves. Nodes count in
-- memory and add what they counted every few seconds.
create table event_counts (
    realm_id uuid not null references realms on delete cascade,
    hour     timestamptz not null,
    what     text collate "C" not null,
    reason   text collate "C" not null,
    n        bigint not null,
    primary key (realm_id, hour, what, reason)
);
create index event_counts_hour on event_counts (hour);
