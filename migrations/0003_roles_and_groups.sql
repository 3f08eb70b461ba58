create table roles (
    realm_id    uuid not null references realms on delete cascade,
    id          text collate "C" not null,
    -- The client that defines it; null for a realm role.
    client      text collate "C",
    name        text not null,
    description text,
    attributes  jsonb not null,
    primary key (realm_id, id),
    foreign key (realm_id, client) references clients on delete cascade
);
create unique index roles_name on roles (realm_id, client, name) nulls not distinct;

create table role_composites (
    realm_id uuid not null,
    parent   text collate "C" not null,
    child    text collate "C" not null,
    primary key (realm_id, parent, child),
    foreign key (realm_id, parent) references roles on delete cascade,
    foreign key (realm_id, child) references roles on delete cascade
);
create index role_composites_child on role_composites (realm_id, child);

create table groups (
    realm_id    uuid not null references realms on delete cascade,
    id          text collate "C" not null,
    parent      text collate "C",
    name        text not null,
    description text,
    attributes  jsonb not null,
    primary key (realm_id, id),
    foreign key (realm_id, parent) references groups on delete cascade
);
create unique index groups_name on groups (realm_id, parent, name) nulls not distinct;

create table group_roles (
    realm_id uuid not null,
    group_id text collate "C" not null,
    role_id  text collate "C" not null,
    primary key (realm_id, group_id, role_id),
    foreign key (realm_id, group_id) references groups on delete cascade,
    foreign key (realm_id, role_id) references roles on delete cascade
);
create index group_roles_role on group_roles (realm_id, role_id);

-- The groups that a new user joins.
create table default_groups (
    realm_id uuid not null,
    group_id text collate "C" not null,
    primary key (realm_id, group_id),
    foreign key (realm_id, group_id) references groups on delete cascade
);
