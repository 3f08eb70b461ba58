-- Sessions of browsers and of applications that go on without one.

alter table client_sessions drop constraint client_sessions_realm_id_session_id_fkey, drop constraint client_sessions_pkey;
alter table user_sessions drop constraint user_sessions_pkey;

alter table user_sessions
    -- Outlives the browser's session of the same id: for refresh tokens with the scope offline_access.
    add column offline          boolean not null default false,
    add column remember_me      boolean not null default false,
    -- When the user last proved who they are.
    add column authenticated_at timestamptz,
    -- A hash of the cookie that the browser shows; null if no browser is in it.
    add column browser_hash     bytea;
update user_sessions set authenticated_at = started_at;
alter table user_sessions alter column authenticated_at set not null, add primary key (realm_id, id, offline);
create unique index user_sessions_browser on user_sessions (realm_id, browser_hash) where browser_hash is not null;

alter table client_sessions
    add column offline  boolean not null default false,
    -- Authorization codes that wait to be redeemed, by a hash of the code.
    add column codes    jsonb not null default '{}',
    -- Token families: what came from one authorization, which ends as one.
    add column families jsonb not null default '{}',
    add primary key (realm_id, session_id, client, offline),
    add foreign key (realm_id, session_id, offline) references user_sessions on delete cascade;

-- Of entries that each name the moment of their end, those that have not ended: so many of them, the latest first.
create function unended(entries jsonb, member text, moment bigint, most integer) returns jsonb language sql immutable as $$
    select coalesce(jsonb_object_agg(key, value), '{}') from (
        select key, value from jsonb_each(entries) where (value ->> member)::bigint > moment
        order by (value ->> member)::bigint desc limit most) as kept
$$;

-- Access tokens that were revoked before they ended and belong to no family.
create table revoked_tokens (
    realm_id   uuid not null references realms on delete cascade,
    id         text collate "C" not null,
    expires_at timestamptz not null,
    primary key (realm_id, id)
);
create index revoked_tokens_expires on revoked_tokens (realm_id, expires_at);

-- Assertions that clients authenticated with, by a hash of client and jti: each is good once.
create table used_assertions (
    realm_id   uuid not null references realms on delete cascade,
    hash       bytea not null,
    expires_at timestamptz not null,
    primary key (realm_id, hash)
);
create index used_assertions_expires on used_assertions (realm_id, expires_at);

-- Authorization requests that clients sent ahead (RFC 9126), by a hash of their request_uri.
create table pushed_requests (
    realm_id   uuid not null,
    hash       bytea not null,
    client     text collate "C" not null,
    parameters jsonb not null,
    expires_at timestamptz not null,
    primary key (realm_id, hash),
    foreign key (realm_id, client) references clients on delete cascade
);
create index pushed_requests_client on pushed_requests (realm_id, client);
create index pushed_requests_expires on pushed_requests (realm_id, expires_at);

-- Device authorization requests (RFC 8628), by hashes of the device code and of the code that people type.
create table device_codes (
    realm_id       uuid not null,
    hash           bytea not null,
    user_code_hash bytea not null,
    client         text collate "C" not null,
    request        jsonb not null,
    -- Null while nobody has decided.
    approved       boolean,
    -- The session of the user who approved.
    session_id     text collate "C",
    next_poll_at   timestamptz not null,
    interval_seconds integer not null,
    expires_at     timestamptz not null,
    primary key (realm_id, hash),
    foreign key (realm_id, client) references clients on delete cascade
);
create unique index device_codes_user_code on device_codes (realm_id, user_code_hash);
create index device_codes_client on device_codes (realm_id, client);
create index device_codes_expires on device_codes (realm_id, expires_at);

-- What users let clients do, by names of client scopes.
create table user_consents (
    realm_id   uuid not null,
    user_id    text collate "C" not null,
    client     text collate "C" not null,
    scopes     text[] not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (realm_id, user_id, client),
    foreign key (realm_id, user_id) references users on delete cascade,
    foreign key (realm_id, client) references clients on delete cascade
);
create index user_consents_client on user_consents (realm_id, client);

-- Roles that tokens of a client without full scope may carry: for the client itself, or wherever a client scope applies.
create table scope_mappings (
    realm_id uuid not null,
    -- Exactly one of these two owns it.
    client   text collate "C",
    scope    text collate "C",
    role_id  text collate "C" not null,
    foreign key (realm_id, client) references clients on delete cascade,
    foreign key (realm_id, scope) references client_scopes on delete cascade,
    foreign key (realm_id, role_id) references roles on delete cascade,
    check (num_nonnulls(client, scope) = 1)
);
create unique index scope_mappings_client on scope_mappings (realm_id, client, role_id) where client is not null;
create unique index scope_mappings_scope on scope_mappings (realm_id, scope, role_id) where scope is not null;
create index scope_mappings_role on scope_mappings (realm_id, role_id);
select cache_follows('scope_mappings');

-- Who may register clients (RFC 7591 section 3), how often and until when.
create table initial_access_tokens (
    realm_id   uuid not null references realms on delete cascade,
    id         text collate "C" not null,
    created_at timestamptz not null,
    -- Null never ends.
    expires_at timestamptz,
    total      integer not null,
    remaining  integer not null,
    primary key (realm_id, id)
);

-- The id of the only registration access token of a client that is good (RFC 7592).
alter table clients add column registration_token text;

-- Work that is done after the request that asked for it, and again if it fails.
create table jobs (
    realm_id   uuid not null references realms on delete cascade,
    id         text collate "C" not null,
    kind       text not null,
    payload    jsonb not null,
    run_at     timestamptz not null,
    attempts   integer not null default 0,
    created_at timestamptz not null,
    primary key (realm_id, id)
);
create index jobs_due on jobs (run_at);

-- What a client may do for itself is kept beside the client in the caches: its account, the account's roles and groups,
-- and what roles contain.
select cache_follows('roles');
select cache_follows('role_composites');
select cache_follows('groups');
select cache_follows('group_roles');

create function service_account_changed() returns trigger language plpgsql as $$
begin
    update realms set generation = generation
    where realm_id in (select realm_id from changed where service_account_of is not null);
    return null;
end $$;
create trigger cache_follows_insert after insert on users referencing new table as changed
    for each statement execute function service_account_changed();
create trigger cache_follows_update after update on users referencing new table as changed
    for each statement execute function service_account_changed();
create trigger cache_follows_delete after delete on users referencing old table as changed
    for each statement execute function service_account_changed();

create function service_account_given() returns trigger language plpgsql as $$
begin
    update realms set generation = generation where realm_id in (
        select c.realm_id from changed c
        join users u on u.realm_id = c.realm_id and u.id = c.user_id and u.service_account_of is not null);
    return null;
end $$;
create trigger cache_follows_insert after insert on user_roles referencing new table as changed
    for each statement execute function service_account_given();
create trigger cache_follows_update after update on user_roles referencing new table as changed
    for each statement execute function service_account_given();
create trigger cache_follows_delete after delete on user_roles referencing old table as changed
    for each statement execute function service_account_given();
create trigger cache_follows_insert after insert on user_groups referencing new table as changed
    for each statement execute function service_account_given();
create trigger cache_follows_update after update on user_groups referencing new table as changed
    for each statement execute function service_account_given();
create trigger cache_follows_delete after delete on user_groups referencing old table as changed
    for each statement execute function service_account_given();

-- Settings that were only kept so far and are interpreted from now on.
update realms set settings = jsonb_set(
    settings || coalesce((select jsonb_object_agg(key, value) from jsonb_each(settings -> 'uninterpreted') where key = any (names)), '{}'),
    '{uninterpreted}', coalesce(settings -> 'uninterpreted', '{}') - names)
from (values (array[
    'ssoSessionIdleTimeoutRememberMe', 'ssoSessionMaxLifespanRememberMe', 'offlineSessionIdleTimeout',
    'offlineSessionMaxLifespanEnabled', 'offlineSessionMaxLifespan', 'clientSessionIdleTimeout',
    'clientSessionMaxLifespan', 'clientOfflineSessionIdleTimeout', 'clientOfflineSessionMaxLifespan',
    'accessTokenLifespanForImplicitFlow', 'accessCodeLifespan', 'accessCodeLifespanLogin',
    'accessCodeLifespanUserAction', 'revokeRefreshToken', 'refreshTokenMaxReuse', 'rememberMe',
    'oauth2DeviceCodeLifespan', 'oauth2DevicePollingInterval'])) as interpreted (names);
