create table user_sessions (
    realm_id       uuid not null,
    id             text collate "C" not null,
    user_id        text collate "C" not null,
    ip_address     text,
    started_at     timestamptz not null,
    last_access_at timestamptz not null,
    -- The session is over at this moment, unless it is used before: then it ends later, up to its longest life.
    expires_at     timestamptz not null,
    primary key (realm_id, id),
    foreign key (realm_id, user_id) references users on delete cascade
);
create index user_sessions_user on user_sessions (realm_id, user_id);
create index user_sessions_expires on user_sessions (realm_id, expires_at);

create table client_sessions (
    realm_id   uuid not null,
    session_id text collate "C" not null,
    client     text collate "C" not null,
    started_at timestamptz not null,
    primary key (realm_id, session_id, client),
    foreign key (realm_id, session_id) references user_sessions on delete cascade,
    foreign key (realm_id, client) references clients on delete cascade
);
create index client_sessions_client on client_sessions (realm_id, client);

-- What a docker client keeps instead of a password. Only a hash of the token is stored.
create table identity_tokens (
    realm_id     uuid not null,
    id           text collate "C" not null,
    token_hash   bytea not null,
    user_id      text collate "C" not null,
    client       text collate "C" not null,
    created_at   timestamptz not null,
    last_used_at timestamptz not null,
    expires_at   timestamptz not null,
    ip_address   text,
    user_agent   text,
    primary key (realm_id, id),
    foreign key (realm_id, user_id) references users on delete cascade,
    foreign key (realm_id, client) references clients on delete cascade
);
create unique index identity_tokens_hash on identity_tokens (realm_id, token_hash);
create index identity_tokens_user on identity_tokens (realm_id, user_id);
create index identity_tokens_client on identity_tokens (realm_id, client);
create index identity_tokens_expires on identity_tokens (realm_id, expires_at);
