-- Requests of administrators that were refused: whoever is told the id finds here what was missing. Login events hold all
-- other refusals.
create table refused_admin_requests (
    realm_id       uuid not null references realms on delete cascade,
    id             text collate "C" not null,
    time           timestamptz not null,
    -- The administrator, in the realm of this given id.
    auth_realm_id  text not null,
    auth_user_id   text,
    auth_client_id text,
    ip_address     text,
    method         text not null,
    path           text not null,
    -- Which rule refused, and the permissions of which one would do or which were beyond the caller.
    rule           text not null,
    permissions    text[] not null,
    primary key (realm_id, id)
);
create index refused_admin_requests_time on refused_admin_requests (realm_id, time desc);
