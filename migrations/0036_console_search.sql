-- What an administrator types into the console: how names of a realm begin, in any case. Users and realms have such
-- indexes already (docs/decisions/053-finding-things.md).
create index clients_by_name on clients (realm_id, lower(client_id) collate "C");
create index roles_by_name on roles (realm_id, lower(name) collate "C");
create index groups_by_name on groups (realm_id, lower(name) collate "C");
