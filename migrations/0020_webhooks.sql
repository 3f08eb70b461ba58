-- Addresses that hear of events: docs/decisions/044-webhooks.md. The caches keep them with their realm, so that a realm
-- without any writes its events as before.
create table webhooks (
    realm_id   uuid not null references realms on delete cascade,
    id         text collate "C" not null,
    url        text not null,
    -- Sealed.
    secret     text not null,
    enabled    boolean not null,
    -- Which events it hears of.
    filter     jsonb not null,
    created_at timestamptz not null,
    primary key (realm_id, id)
);
select cache_follows('webhooks');

-- What was told, or is to be: written together with the event and with the job that sends it.
create table webhook_deliveries (
    realm_id     uuid not null,
    id           text collate "C" not null,
    webhook_id   text collate "C" not null,
    kind         text not null,
    body         text not null,
    created_at   timestamptz not null,
    attempts     integer not null default 0,
    attempted_at timestamptz,
    failure      text,
    -- Set once it was delivered or given up; until then it is waiting.
    delivered    boolean,
    -- When it is forgotten.
    expires_at   timestamptz,
    primary key (realm_id, id),
    foreign key (realm_id, webhook_id) references webhooks on delete cascade
);
create index webhook_deliveries_newest on webhook_deliveries (realm_id, webhook_id, created_at desc, id desc);
create index webhook_deliveries_expire on webhook_deliveries (expires_at) where expires_at is not null;

-- Each kind of job has workers of its own, who pass over all the others.
drop index jobs_due;
create index jobs_due on jobs (kind, run_at);
