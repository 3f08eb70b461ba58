create table events (
    realm_id   uuid not null references realms on delete cascade,
    id         text collate "C" not null,
    time       timestamptz not null,
    kind       text not null,
    client_id  text,
    user_id    text,
    session_id text,
    ip_address text,
    error      text,
    details    jsonb not null,
    primary key (realm_id, id)
);
create index events_time on events (realm_id, time desc);
create index events_user on events (realm_id, user_id, time desc) where user_id is not null;

create table admin_events (
    realm_id       uuid not null references realms on delete cascade,
    id             text collate "C" not null,
    time           timestamptz not null,
    auth_realm_id  text not null,
    auth_client_id text,
    auth_user_id   text,
    ip_address     text,
    operation      text not null,
    resource_type  text not null,
    resource_path  text not null,
    representation text,
    primary key (realm_id, id)
);
create index admin_events_time on admin_events (realm_id, time desc);
