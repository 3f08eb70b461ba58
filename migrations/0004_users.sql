create table users (
    realm_id           uuid not null references realms on delete cascade,
    id                 text collate "C" not null,
    username           text not null,
    email              text,
    -- The realm allowed several users with one address when this user was saved.
    email_shared       boolean not null default false,
    email_verified     boolean not null,
    first_name         text,
    last_name          text,
    enabled            boolean not null,
    created_at         timestamptz not null,
    not_before         bigint not null default 0,
    attributes         jsonb not null,
    required_actions   text[] not null,
    service_account_of text collate "C",
    primary key (realm_id, id),
    foreign key (realm_id, service_account_of) references clients on delete cascade
);
create unique index users_username on users (realm_id, username);
create unique index users_email on users (realm_id, email) where not email_shared;
create index users_email_shared on users (realm_id, email) where email_shared;
create unique index users_service_account on users (realm_id, service_account_of) where service_account_of is not null;

create table user_roles (
    realm_id uuid not null,
    user_id  text collate "C" not null,
    role_id  text collate "C" not null,
    primary key (realm_id, user_id, role_id),
    foreign key (realm_id, user_id) references users on delete cascade,
    foreign key (realm_id, role_id) references roles on delete cascade
);
create index user_roles_role on user_roles (realm_id, role_id);

create table user_groups (
    realm_id uuid not null,
    user_id  text collate "C" not null,
    group_id text collate "C" not null,
    primary key (realm_id, user_id, group_id),
    foreign key (realm_id, user_id) references users on delete cascade,
    foreign key (realm_id, group_id) references groups on delete cascade
);
create index user_groups_group on user_groups (realm_id, group_id);

create table credentials (
    realm_id        uuid not null,
    id              text collate "C" not null,
    user_id         text collate "C" not null,
    kind            text not null,
    label           text,
    created_at      timestamptz not null,
    credential_data text not null,
    secret_data     text not null,
    priority        integer not null,
    primary key (realm_id, id),
    foreign key (realm_id, user_id) references users on delete cascade
);
create index credentials_user on credentials (realm_id, user_id, priority);

-- Failed logins of a user, counted by one atomic statement.
create table login_failures (
    realm_id           uuid not null,
    user_id            text collate "C" not null,
    failures           integer not null,
    temporary_lockouts integer not null,
    last_failure_at    timestamptz not null,
    last_ip            text,
    -- No login is accepted before this moment.
    locked_until       timestamptz,
    -- A keyed hash of the last wrong attempt: the same one again within seconds is one attempt of a client that
    -- tries each password over two request forms.
    last_attempt       bytea not null,
    primary key (realm_id, user_id),
    foreign key (realm_id, user_id) references users on delete cascade
);

-- Who may do what to which realm. Administrators' roles in Keycloak's JSON are a view of these rows.
create table permissions (
    realm_id     uuid not null references realms on delete cascade,
    -- Exactly one of these two is the subject, of this realm.
    role_id      text collate "C",
    user_id      text collate "C",
    -- The realm that it is about; null is every realm.
    target_realm uuid,
    permission   text not null,
    foreign key (realm_id, role_id) references roles on delete cascade,
    foreign key (realm_id, user_id) references users on delete cascade,
    check (num_nonnulls(role_id, user_id) = 1)
);
create unique index permissions_role on permissions (realm_id, role_id, target_realm, permission) nulls not distinct
    where role_id is not null;
create unique index permissions_user on permissions (realm_id, user_id, target_realm, permission) nulls not distinct
    where user_id is not null;
create index permissions_target on permissions (realm_id, target_realm);
