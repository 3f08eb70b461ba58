-- Searching events where there are many. What a login of every second writes is found by walking back in time; an index is
-- for what is rare among it.
create index events_rare on events (realm_id, kind, time desc)
    where kind not in ('LOGIN', 'CODE_TO_TOKEN', 'CLIENT_LOGIN', 'REFRESH_TOKEN', 'LOGOUT', 'LOGIN_ERROR');
create index events_client on events (realm_id, client_id, time desc) where client_id is not null;
create index admin_events_who on admin_events (realm_id, auth_user_id, time desc) where auth_user_id is not null;
create index admin_events_what on admin_events (realm_id, resource_type, time desc);
create index admin_events_where on admin_events (realm_id, resource_path collate "C", time desc);
