-- Searching events where there are many. What a login of every second writes is found by walking back in time; an index is
-- for what is rare among it.
create index events_rare on events (realm_id, kind, time desc)
    where kind not in ('LOGIN', 'CODE_TO_TOKEN', 'CLIENT_LOGIN', 'REFRESH_TOKEN', 'LOGOUT', 'LOGIN_ERROR');
create index events_client on events (realm_id, client_id, time desc) where client_id is not null;
create index events_address on events (realm_id, ip_address, time desc) where ip_address is not null;

-- Administrators do little beside what users do, so every parameter of a search has its own.
create index admin_events_operation on admin_events (realm_id, operation, time desc);
create index admin_events_resource on admin_events (realm_id, resource_type, time desc);
create index admin_events_path on admin_events (realm_id, resource_path collate "C", time desc);
create index admin_events_realm on admin_events (realm_id, auth_realm_id, time desc);
create index admin_events_client on admin_events (realm_id, auth_client_id, time desc) where auth_client_id is not null;
create index admin_events_user on admin_events (realm_id, auth_user_id, time desc) where auth_user_id is not null;
create index admin_events_address on admin_events (realm_id, ip_address, time desc) where ip_address is not null;
