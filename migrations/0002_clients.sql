create table clients (
    realm_id   uuid not null references realms on delete cascade,
    id         text collate "C" not null,
    client_id  text not null,
    protocol   text not null,
    enabled    boolean not null,
    settings   jsonb not null,
    attributes jsonb not null,
    -- The client's secret, sealed; null if it has none.
    secret     text,
    created_at timestamptz not null,
    primary key (realm_id, id)
);
create unique index clients_client_id on clients (realm_id, client_id);
create index clients_attributes on clients using gin (attributes jsonb_path_ops);
select cache_follows('clients');

-- Every name under which a protocol request may address a client: its client_id and further ones, such as a registry's
-- other service names. The primary key keeps two clients from answering to one name.
create table client_names (
    realm_id uuid not null,
    name     text not null,
    id       text collate "C" not null,
    primary key (realm_id, name),
    foreign key (realm_id, id) references clients on delete cascade
);
create index client_names_client on client_names (realm_id, id);
select cache_follows('client_names');

create table client_scopes (
    realm_id    uuid not null references realms on delete cascade,
    id          text collate "C" not null,
    name        text not null,
    description text,
    protocol    text not null,
    attributes  jsonb not null,
    primary key (realm_id, id)
);
create unique index client_scopes_name on client_scopes (realm_id, name);
select cache_follows('client_scopes');

create table client_scope_assignments (
    realm_id uuid not null,
    client   text collate "C" not null,
    scope    text collate "C" not null,
    optional boolean not null,
    primary key (realm_id, client, scope),
    foreign key (realm_id, client) references clients on delete cascade,
    foreign key (realm_id, scope) references client_scopes on delete cascade
);
create index client_scope_assignments_scope on client_scope_assignments (realm_id, scope);
select cache_follows('client_scope_assignments');

-- The client scopes that a new client gets.
create table default_client_scopes (
    realm_id uuid not null,
    scope    text collate "C" not null,
    optional boolean not null,
    primary key (realm_id, scope),
    foreign key (realm_id, scope) references client_scopes on delete cascade
);
select cache_follows('default_client_scopes');

create table protocol_mappers (
    realm_id uuid not null references realms on delete cascade,
    id       text collate "C" not null,
    -- Exactly one of these two owns it.
    client   text collate "C",
    scope    text collate "C",
    name     text not null,
    protocol text not null,
    kind     text not null,
    config   jsonb not null,
    primary key (realm_id, id),
    foreign key (realm_id, client) references clients on delete cascade,
    foreign key (realm_id, scope) references client_scopes on delete cascade,
    check (num_nonnulls(client, scope) = 1)
);
create unique index protocol_mappers_client on protocol_mappers (realm_id, client, protocol, name) where client is not null;
create unique index protocol_mappers_scope on protocol_mappers (realm_id, scope, protocol, name) where scope is not null;
select cache_follows('protocol_mappers');
