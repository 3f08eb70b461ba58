-- How users log in, as administrators set it up. A realm has a few dozen of these rows and always reads all of them, so
-- the primary keys are the only indexes but where something has to be unique.
create table authentication_flows (
    realm_id    uuid not null references realms on delete cascade,
    id          text collate "C" not null,
    alias       text not null,
    description text,
    -- basic-flow, client-flow or form-flow.
    kind        text not null,
    top_level   boolean not null,
    built_in    boolean not null,
    -- The order of lists.
    place       integer not null,
    primary key (realm_id, id)
);
create unique index authentication_flows_alias on authentication_flows (realm_id, alias);

create table authenticator_configs (
    realm_id uuid not null references realms on delete cascade,
    id       text collate "C" not null,
    alias    text not null,
    -- Secrets in it are sealed.
    config   jsonb not null,
    primary key (realm_id, id)
);

create table authentication_executions (
    realm_id      uuid not null,
    id            text collate "C" not null,
    flow          text collate "C" not null,
    authenticator text,
    -- The flow within the flow that this step is.
    sub_flow      text collate "C",
    config        text collate "C",
    requirement   text not null,
    priority      integer not null,
    primary key (realm_id, id),
    foreign key (realm_id, flow) references authentication_flows on delete cascade,
    foreign key (realm_id, sub_flow) references authentication_flows on delete cascade,
    foreign key (realm_id, config) references authenticator_configs on delete set null (config)
);

create table required_actions (
    realm_id       uuid not null references realms on delete cascade,
    alias          text collate "C" not null,
    provider_id    text not null,
    name           text not null,
    enabled        boolean not null,
    default_action boolean not null,
    priority       integer not null,
    config         jsonb not null,
    primary key (realm_id, alias)
);
