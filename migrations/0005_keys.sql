create table components (
    realm_id      uuid not null references realms on delete cascade,
    id            text collate "C" not null,
    name          text not null,
    provider_id   text not null,
    provider_type text not null,
    parent_id     text not null,
    sub_type      text,
    config        jsonb not null,
    primary key (realm_id, id)
);
create index components_type on components (realm_id, provider_type);
select cache_follows('components');

create table keys (
    realm_id    uuid not null references realms on delete cascade,
    kid         text collate "C" not null,
    -- The provider that made it; null for the realm's registry authority.
    component   text collate "C",
    purpose     text not null,
    algorithm   text not null,
    -- The private or secret part, sealed with a key from outside the database.
    sealed      text not null,
    public      bytea,
    certificate bytea,
    created_at  timestamptz not null,
    primary key (realm_id, kid, purpose),
    foreign key (realm_id, component) references components on delete cascade
);
create index keys_component on keys (realm_id, component);
select cache_follows('keys');
